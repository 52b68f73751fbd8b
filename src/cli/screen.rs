//! Lines at the end of a terminal that are drawn again and again while something runs, until they are taken away.
//!
//! Between two drawings the cursor stands at the beginning of the first of them: what a terminal shows of a key that was
//! pressed (`^C`) moves it no further, and everything from there on is ours.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use console::Term;

/// How long it is from one drawing to the next.
const TICK: Duration = Duration::from_millis(120);

/// What is to be drawn on a terminal of so many lines and columns.
type Draw = Box<dyn Fn(usize, usize) -> Vec<String> + Send + Sync>;

/// The lines; whoever has a clone of them can take them away.
#[derive(Clone)]
pub(super) struct Screen(Arc<Shared>);

struct Shared {
    draw: Draw,
    term: Term,
    is_ended: Mutex<bool>,
    ended: Condvar,
}

impl Screen {
    /// Begins to draw on the terminal that standard error is.
    pub(super) fn begin(draw: Draw) -> Self {
        let screen = Screen(Arc::new(Shared {
            draw,
            term: Term::buffered_stderr(),
            is_ended: Mutex::new(false),
            ended: Condvar::new(),
        }));
        let own = screen.clone();
        // Where no thread can be had, the lines are drawn when something is told.
        let _ = thread::Builder::new().name("screen".to_owned()).spawn(move || own.go_on());
        screen
    }

    fn is_ended(&self) -> MutexGuard<'_, bool> {
        self.0.is_ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn go_on(&self) {
        let mut is_ended = self.is_ended();
        while !*is_ended {
            // A terminal that is gone shows nothing, which is no reason to end.
            let _ = self.draw("");
            let waited = self.0.ended.wait_timeout(is_ended, TICK);
            is_ended = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Puts a line above the others, where it stays.
    pub(super) fn tell(&self, line: &str) {
        let is_ended = self.is_ended();
        let line = format!("{line}\n");
        // If the terminal is gone there is nobody to tell.
        let _ = if *is_ended {
            self.0.term.write_str(&line).and_then(|()| self.0.term.flush())
        } else {
            self.draw(&line)
        };
    }

    /// Takes the lines away, and draws no more.
    pub(super) fn end(&self) {
        let mut is_ended = self.is_ended();
        if !std::mem::replace(&mut *is_ended, true) {
            self.0.ended.notify_all();
            let term = &self.0.term;
            // If the terminal is gone, so are they.
            let _ = term.clear_to_end_of_screen().and_then(|()| term.flush());
        }
    }

    /// Draws the lines below `above`. The caller holds the lock.
    fn draw(&self, above: &str) -> io::Result<()> {
        let Shared { draw, term, .. } = &*self.0;
        let (rows, columns) = term.size();
        // Some terminals break a line that fills the last column.
        let lines = draw(rows.into(), usize::from(columns).saturating_sub(1));
        term.clear_to_end_of_screen()?;
        term.write_str(&format!("{above}{}\r", lines.join("\n")))?;
        // On Windows the cursor moves at once, and what is written waits.
        term.flush()?;
        term.move_cursor_up(lines.len().saturating_sub(1))?;
        term.flush()
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Screen").finish_non_exhaustive()
    }
}
