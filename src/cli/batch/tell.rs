//! What is told of a batch while it runs: on a terminal how far it is, in a log a line a case, to programs an object a case.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use entra_diff::report::batch::Case;
use entra_diff::report::wording::batch as words;

use super::super::args::Reading;
use super::super::console::Work;
use super::super::exit::ExitStatus;
use super::super::interrupt::{Leftover, Unfinished};
use super::super::messages::Messages;
use super::super::screen::Screen;
use super::super::text::shown;
use super::board::Board;

/// Whoever tells.
pub(super) struct Teller {
    messages: Messages,
    told: Told,
    cases: u64,
    /// How many cases are done.
    done: AtomicU64,
    /// What a terminal shows; `None` where standard error is none.
    lines: Option<Lines>,
}

/// Which cases are told when they are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Those with an error.
    Errors,
    /// In a log all, on a terminal those with an error or another code than 0.
    Usual,
    /// All.
    All,
}

impl Told {
    /// By what was asked for.
    pub(super) fn by(reading: &Reading) -> Self {
        match () {
            () if reading.quiet => Told::Errors,
            () if reading.verbose => Told::All,
            () => Told::Usual,
        }
    }
}

/// The lines of a terminal that are drawn again and again.
struct Lines {
    screen: Screen,
    board: Arc<Board>,
    /// Takes them away where a signal ends the run.
    unfinished: Unfinished,
}

impl Teller {
    /// Of cases that have so many bytes each.
    pub(super) fn of(messages: Messages, told: Told, bytes: &[u64], unfinished: &Unfinished) -> Self {
        let cases = bytes.len() as u64;
        let is_dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
        let is_shown = told != Told::Errors && !messages.are_json() && !is_dumb && io::stderr().is_terminal();
        let all = bytes.iter().fold(0_u64, |all, &bytes| all.saturating_add(bytes));
        let lines = is_shown.then(|| Lines::of(Board::of(cases, all), unfinished));
        Teller { messages, told, cases, done: AtomicU64::new(0), lines }
    }

    /// A case of so many bytes that is begun; it is shown as long as the value lives.
    pub(super) fn begin(&self, name: &str, bytes: u64) -> Shown<'_> {
        let work = Work::default();
        let place = self.lines.as_ref().map(|lines| {
            let number = lines.board.begin(name, bytes, work.clone());
            (&*lines.board, number)
        });
        Shown { place, work, is_done: false }
    }

    /// Tells how a case ended.
    pub(super) fn end(&self, case: &Case, is_kept: bool) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.messages.are_json() {
            self.messages.case(case, is_kept);
            return;
        }
        let is_told = match self.told {
            Told::Errors => case.error.is_some(),
            Told::Usual => {
                self.lines.is_none() || case.error.is_some() || status_of(case) != ExitStatus::Complete
            }
            Told::All => true,
        };
        if is_told {
            let line = shown_line(&words::line(case, is_kept));
            let line = format!("[{done}/{}] {}: {line}", self.cases, shown(&case.name));
            match &self.lines {
                Some(lines) => lines.screen.tell(&line),
                // In one piece, so that the lines of two threads do not mingle.
                None => drop(io::stderr().write_all(format!("{line}\n").as_bytes())),
            }
        }
    }
}

impl Lines {
    fn of(board: Board, unfinished: &Unfinished) -> Self {
        let board = Arc::new(board);
        let (drawn, begun) = (Arc::clone(&board), Instant::now());
        let draw = move |rows: usize, width: usize| drawn.lines((rows, width), begun.elapsed());
        let mut leftovers = unfinished.lock();
        let screen = Screen::begin(Box::new(draw));
        leftovers.push(Leftover::Screen(screen.clone()));
        drop(leftovers);
        Lines { screen, board, unfinished: unfinished.clone() }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.screen.end();
        self.unfinished.lock().retain(|leftover| !matches!(leftover, Leftover::Screen(_)));
    }
}

/// A case that a terminal shows.
pub(super) struct Shown<'t> {
    place: Option<(&'t Board, u64)>,
    /// How far it is.
    pub(super) work: Work,
    /// Whether it is done, and not to be made once more.
    pub(super) is_done: bool,
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if let Some((board, number)) = self.place {
            board.end(number, self.is_done);
        }
    }
}

/// A sentence as a terminal may see it.
fn shown_line(sentence: &entra_diff::report::wording::Sentence) -> String {
    sentence.told(|text| shown(text).into_owned())
}

/// How a case ended.
pub(super) fn status_of(case: &Case) -> ExitStatus {
    ExitStatus::of_code(case.exit_code).unwrap_or(ExitStatus::Internal)
}
