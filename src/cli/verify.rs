//! `verify`: what was found of each file, in words.

use std::io::{self, Write};

use entra_diff::evidence::{Checked, Contradiction, Finding, Part};
use entra_diff::render::Counts;
use entra_diff::report::wording::{counted, number, plural};

use super::args::VerifyArgs;
use super::exit::ExitStatus;
use super::messages::Messages;
use super::text::shown;

/// How what was found ends a run: what cannot be read goes before what is wrong.
pub(super) fn status(checked: &[Checked]) -> ExitStatus {
    if checked.iter().any(|file| matches!(file.finding, Finding::Unreadable(_))) {
        ExitStatus::Output
    } else if checked.iter().any(|file| file.finding.is_mismatch()) {
        ExitStatus::Mismatch
    } else {
        ExitStatus::Complete
    }
}

/// Tells what was found: what is wrong on standard error, everything else on `out`.
pub(super) fn told(
    args: &VerifyArgs,
    is_batch: bool,
    (checked, messages): (&[Checked], Messages),
    out: &mut dyn Write,
) -> io::Result<()> {
    for file in checked {
        if let Some(fault) = fault(file.part, &file.finding) {
            messages.tell(&format!("{}: {fault}", shown(&file.name)));
        }
    }
    if args.quiet {
        return Ok(());
    }
    for file in checked.iter().filter(|file| fault(file.part, &file.finding).is_none()) {
        let is_plain = matches!(file.finding, Finding::Unchanged(_));
        if file.part == Part::Report || !is_plain {
            writeln!(out, "{}: {}", shown(&file.name), as_it_was(&file.finding))?;
        }
    }
    let of = |part: Part| checked.iter().filter(move |file| file.part == part);
    let (good, bad) = if is_batch {
        ("the batch is as it was written", "the batch is NOT as it was written")
    } else {
        ("the report is as it was written", "the report is NOT as it was written")
    };
    writeln!(out, "{}", verdict(of(Part::Report), good, bad))?;
    if is_batch {
        return writeln!(
            out,
            "the inputs were not looked at: verify DIR/CASE --inputs PATH checks those of a case"
        );
    }
    if args.inputs.is_empty() {
        return writeln!(out, "the inputs were not looked at: --inputs PATH checks them");
    }
    let inputs = verdict(
        of(Part::Inputs),
        "the inputs are those that were read",
        "the inputs are NOT those that were read",
    );
    writeln!(out, "{inputs}")
}

/// `the report is as it was written (6 files)`.
fn verdict<'c>(files: impl Iterator<Item = &'c Checked> + Clone, good: &str, bad: &str) -> String {
    let is_whole = |file: &&Checked| matches!(file.finding, Finding::Unchanged(_) | Finding::OtherVersion(_));
    let whole = files.clone().filter(is_whole).count() as u64;
    let faults = files.clone().filter(|file| file.finding.is_mismatch()).count() as u64;
    let unread = files.filter(|file| matches!(file.finding, Finding::Unreadable(_))).count() as u64;
    let unread_words = format!("{} could not be read", counted(unread, "file", "files"));
    match (faults, unread) {
        (0, 0) => format!("{good} ({})", counted(whole, "file", "files")),
        (0, _) => format!("whether {good} is not known: {unread_words}"),
        (_, 0) => format!("{bad}: {} wrong", counted(faults, "file", "files")),
        _ => format!("{bad}: {} wrong, {unread_words}", counted(faults, "file", "files")),
    }
}

/// What is wrong with a file, and what to do; `None` where nothing is.
fn fault(part: Part, finding: &Finding) -> Option<String> {
    let words = match (finding, part) {
        (
            Finding::Unchanged(_)
            | Finding::Signature
            | Finding::Unfinished
            | Finding::Unread
            | Finding::OtherVersion(_),
            _,
        ) => return None,
        (Finding::Changed, Part::Report) => {
            "changed: its bytes are not those that SHA256SUMS lists".to_owned()
        }
        (Finding::Changed, Part::Inputs) => "changed: its bytes are not those that were read".to_owned(),
        (Finding::Missing, Part::Report) => "missing: a whole report has it".to_owned(),
        (Finding::Missing, Part::Inputs) => "missing: it was read, and is not there".to_owned(),
        (Finding::Added, Part::Report) => "added: SHA256SUMS does not list it".to_owned(),
        (Finding::Added, Part::Inputs) => "added: it is not among the files that were read".to_owned(),
        (Finding::Unreadable(error), _) => format!("cannot be read: {}", shown(&error.to_string())),
        (Finding::NoList(line), _) => {
            format!("damaged: line {} is no line of a list of checksums", number(*line))
        }
        (Finding::NoManifest(reason), _) => {
            format!("not a manifest that this version reads: {}", shown(reason))
        }
        (Finding::Contradiction(what), _) => contradiction(*what).to_owned(),
        (Finding::NotJudged, _) => {
            "the inputs cannot be checked: neither it nor manifest.json is as it was written".to_owned()
        }
        (Finding::Miscounted { found: None, .. }, _) => {
            "cannot be counted: it is not what this version writes".to_owned()
        }
        (Finding::Miscounted { stated, found: Some(found) }, _) => {
            format!("miscounted: the manifest says {}, it holds {}", held(*stated), held(*found))
        }
    };
    Some(words)
}

fn contradiction(what: Contradiction) -> &'static str {
    match what {
        Contradiction::Bytes => {
            "contradiction: SHA256SUMS, INPUTS.sha256 and manifest.json do not say the same of its bytes"
        }
        Contradiction::Counts => {
            "contradiction: by the manifest it does not hold what was counted when the pages were read"
        }
        Contradiction::Formats => "contradiction: its options name other formats than its outputs are",
        Contradiction::EvidenceId => "contradiction: it does not print the evidence id of this report",
        Contradiction::Summary => {
            "contradiction: manifest.json tells other inputs, verdicts or problems, or another version"
        }
        Contradiction::Manifest => "contradiction: what it tells does not go together",
    }
}

fn as_it_was(finding: &Finding) -> String {
    match finding {
        Finding::Signature => "a signature, not checked here: the tool that made it does".to_owned(),
        Finding::OtherVersion(version) => {
            format!("unchanged; made by version {}: what its files hold was not counted", shown(version))
        }
        Finding::Unread => "could not be read when the report was made; the report names it".to_owned(),
        Finding::Unfinished => {
            "unfinished files of another run, no part of the report: the next run with --force for the same output clears them".to_owned()
        }
        Finding::Unchanged(Some(counts)) if *counts != Counts::default() => {
            format!("unchanged, and holds {}", held(*counts))
        }
        _ => "unchanged".to_owned(),
    }
}

/// Everything that was counted in a file.
fn held(counts: Counts) -> String {
    let Counts {
        rows,
        object_changes,
        property_changes,
        link_changes,
        failed_changes,
        problems,
        restore_artifacts,
    } = counts;
    let told = [
        (rows, "row", "rows"),
        (object_changes, "object change", "object changes"),
        (property_changes, "changed property", "changed properties"),
        (link_changes, "changed link", "changed links"),
        (failed_changes, "failed change", "failed changes"),
        (problems, "problem", "problems"),
        (restore_artifacts, "restore artifact", "restore artifacts"),
    ];
    let told = told.into_iter().filter_map(|(count, one, many)| Some((count?, one, many)));
    let told = told.map(|(count, one, many)| format!("{} {}", number(count), plural(count, one, many)));
    told.collect::<Vec<_>>().join(", ")
}
