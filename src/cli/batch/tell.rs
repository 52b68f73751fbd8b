//! What is told of a batch while it runs: on a terminal how far it is, in a log a line a case, to programs an object a case.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use entra_diff::report::batch::Case;
use entra_diff::report::wording::batch as words;

use super::super::exit::ExitStatus;
use super::super::messages::Messages;
use super::super::text::shown;

/// Whoever tells.
pub(super) struct Teller {
    messages: Messages,
    quiet: bool,
    cases: u64,
    /// How many cases are done.
    done: AtomicU64,
    /// The lines of a terminal; `None` where standard error is none.
    bars: Option<(MultiProgress, ProgressBar)>,
}

impl Teller {
    pub(super) fn of(messages: Messages, quiet: bool, cases: usize) -> Self {
        let is_shown = !quiet && !messages.are_json() && io::stderr().is_terminal();
        let bars = is_shown.then(|| {
            let bars = MultiProgress::new();
            let bar =
                bars.add(ProgressBar::new(cases as u64).with_style(style("{pos}/{len} {bar:30} {elapsed}")));
            (bars, bar)
        });
        Teller { messages, quiet, cases: cases as u64, done: AtomicU64::new(0), bars }
    }

    /// A line for a case that is being made; it goes when its value does.
    pub(super) fn begin(&self, name: &str) -> Option<Line> {
        let (bars, main) = self.bars.as_ref()?;
        let line = ProgressBar::new_spinner().with_style(style("{spinner} {msg}"));
        let line = bars.insert_before(main, line).with_message(shown(name).into_owned());
        line.enable_steady_tick(std::time::Duration::from_millis(120));
        Some(Line(line))
    }

    /// Tells how a case ended. Where only errors are to be told, that of one with an error.
    pub(super) fn end(&self, case: &Case, is_kept: bool) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.messages.are_json() {
            self.messages.case(case, is_kept);
        } else if !self.quiet || case.error.is_some() {
            let line = shown_line(&words::line(case, is_kept));
            let line = format!("[{done}/{}] {}: {line}", self.cases, shown(&case.name));
            match &self.bars {
                Some((bars, main)) => {
                    main.inc(1);
                    // If the terminal is gone there is nobody to tell.
                    let _ = bars.println(line);
                }
                // In one piece, so that the lines of two threads do not mingle.
                None => drop(io::stderr().write_all(format!("{line}\n").as_bytes())),
            }
        }
    }

    /// Takes the lines of a terminal away.
    pub(super) fn finish(&self) {
        if let Some((bars, _)) = &self.bars {
            let _ = bars.clear();
        }
    }
}

/// A line of the terminal.
pub(super) struct Line(ProgressBar);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A sentence as a terminal may see it.
fn shown_line(sentence: &entra_diff::report::wording::Sentence) -> String {
    sentence.told(|text| shown(text).into_owned())
}

/// How a case ended.
pub(super) fn status_of(case: &Case) -> ExitStatus {
    ExitStatus::of_code(case.exit_code).unwrap_or(ExitStatus::Internal)
}
