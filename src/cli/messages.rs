//! What is said on standard error: a line for people, or a line of JSON for programs. Each is written in one piece, so
//! that those of two programs do not mingle.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde::Serialize;

use entra_diff::model::{Function, Problem, is_hidden};
use entra_diff::report::batch::{Case, CaseReport};
use entra_diff::report::wording;

use super::args::MessageFormat;
use super::exit::ExitStatus;
use super::text::shown;

/// For whom messages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Messages(pub(super) MessageFormat);

/// A line for programs.
#[derive(Serialize)]
#[serde(tag = "reason", rename_all = "camelCase")]
enum Message<'m> {
    /// Something of the input that is not in the report as data, or has to be minded.
    #[serde(rename_all = "camelCase")]
    Problem {
        code: &'static str,
        severity: &'static str,
        source: String,
        file: &'m str,
        document: Option<u32>,
        pointer: Option<&'m str>,
        line: Option<u64>,
        column: Option<u64>,
        message: String,
        advice: &'static str,
    },
    /// A case of a batch that is done.
    #[serde(rename_all = "camelCase")]
    Case {
        case: &'m str,
        source: &'m str,
        job: Option<&'m str>,
        exit_code: u8,
        unchanged: bool,
        verdict: Option<&'static str>,
        objects: Option<u64>,
        other_objects: Option<u64>,
        failed_changes: Option<u64>,
        errors: u64,
        warnings: u64,
        evidence_id: Option<&'m str>,
        error: Option<&'m str>,
    },
    /// What the program has to say of the run.
    Run { message: &'m str },
    /// The end; nothing is said behind it.
    #[serde(rename_all = "camelCase")]
    Finished { exit_code: u8 },
}

impl Messages {
    /// Whether programs read them, who are told everything and see no progress.
    pub(super) fn are_json(self) -> bool {
        self.0 == MessageFormat::Json
    }

    /// Says something of the run. `message` is fit for a terminal.
    pub(super) fn tell(self, message: &str) {
        // If it is closed there is nobody to tell.
        let _ = self.say(&Message::Run { message }, || format!("entra-diff: {message}"));
    }

    /// Says what is wrong with the input.
    ///
    /// # Errors
    /// Standard error that cannot be written to.
    pub(super) fn problem(self, problem: &Problem) -> io::Result<()> {
        let place = &problem.place;
        let (message, advice) =
            (wording::problem_message(&problem.kind), wording::problem_advice(&problem.kind));
        // Where there is no line, the document and the pointer tell the place in the file.
        let line = || {
            let place = match place.position {
                Some(position) => format!("{}:{}:{}", shown(&place.file), position.line, position.column),
                None => shown(&place.source()).into_owned(),
            };
            format!("{place}: {}: {}: {advice}", problem.code(), shown(&message))
        };
        let told = Message::Problem {
            code: problem.code(),
            severity: problem.severity().as_str(),
            source: place.source(),
            file: &place.file,
            document: place.document,
            pointer: place.pointer.as_deref(),
            line: place.position.map(|position| position.line),
            column: place.position.map(|position| position.column),
            message: message.clone(),
            advice,
        };
        self.say(&told, line)
    }

    /// Says to programs how a case of a batch ended; `is_kept` where it was finished before.
    pub(super) fn case(self, case: &Case, is_kept: bool) {
        let report = case.report.as_ref();
        let planned = report.and_then(|report| report.totals_of(Function::GetChanges));
        let told = Message::Case {
            case: &case.name,
            source: &case.source,
            job: case.job.as_deref(),
            exit_code: case.exit_code,
            unchanged: is_kept,
            verdict: report.map(|report| report.standing.as_str()),
            objects: planned.map(|totals| totals.objects),
            other_objects: report.and_then(CaseReport::others),
            failed_changes: report.and_then(CaseReport::failed),
            errors: case.errors,
            warnings: case.warnings,
            evidence_id: report.map(|report| report.evidence_id.as_str()),
            error: case.error.as_deref(),
        };
        // If it is closed there is nobody to tell.
        let _ = self.say(&told, String::new);
    }

    /// Says a line for people only.
    ///
    /// # Errors
    /// Standard error that cannot be written to.
    pub(super) fn remark(self, line: &str) -> io::Result<()> {
        if self.are_json() { Ok(()) } else { write(line) }
    }

    /// Says how the run ended, to programs: people see what was written.
    pub(super) fn finished(self, status: ExitStatus) {
        if self.are_json() {
            let _ = self.say(&Message::Finished { exit_code: status.code() }, String::new);
        }
    }

    fn say(self, message: &Message<'_>, line: impl FnOnce() -> String) -> io::Result<()> {
        match self.0 {
            MessageFormat::Human => write(&line()),
            MessageFormat::Json => write(&json(message)),
        }
    }
}

fn write(line: &str) -> io::Result<()> {
    io::stderr().write_all(format!("{line}\n").as_bytes())
}

/// A message as JSON in which every character that a terminal may obey, or that cannot be seen, is escaped: whoever
/// reads it has the text whole, and whoever looks at it is safe.
fn json(message: &Message<'_>) -> String {
    let plain = serde_json::to_string(message).unwrap_or_default();
    let mut safe = String::with_capacity(plain.len());
    for character in plain.chars() {
        if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_for_programs_is_whole_and_tame() {
        let text = "a\u{1b}[2J\u{9b}1m\n\u{202e}\u{e0041}\"é".to_owned();
        let line = json(&Message::Run { message: &text });
        assert!(
            line.is_ascii() || line.chars().all(|c| c == 'é' || c.is_ascii_graphic() || c == ' '),
            "{line}"
        );
        let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&read["reason"], &read["message"]), (&"run".into(), &text.into()));
    }
}
