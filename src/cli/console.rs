//! What a terminal shows: tables, problems, progress. Hostile text is escaped and cut, never raw.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use entra_diff::ingest::Export;
use entra_diff::model::{EntityType, Function, PageSet, Problem, RecoveryAction, Severity};
use entra_diff::report::{Group, Report, Totals, wording};

use super::args::When;

/// Where things are told, and how much.
pub(super) struct Console {
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    pub(super) color: bool,
}

/// The longest text from the input that is shown, in characters.
const SHOWN_CHARACTERS: usize = 200;

/// How many messages of failed changes are told one by one.
const TOLD_REASONS: usize = 10;

/// How many problems of one code are told one by one.
const TOLD_OF_A_KIND: usize = 3;

impl Console {
    /// Decides on colour by the option, then NO_COLOR and FORCE_COLOR, then the terminal.
    pub(super) fn new(when: When, quiet: bool, verbose: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            When::Auto => set("FORCE_COLOR") || io::stdout().is_terminal(),
        };
        Console { quiet, verbose, color }
    }

    /// `text` in a style, where there is colour.
    pub(super) fn styled(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Heading => "1",
            Style::Added => "32",
            Style::Removed => "31",
            Style::Faint => "2",
            Style::Warning => "33",
        };
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A progress line on standard error, if that is a terminal.
    pub(super) fn progress(&self, doing: &'static str, template: &str) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::no_length().with_style(style).with_message(doing);
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        bar
    }

    /// The problems, those of one kind told as one with a count where there are many.
    pub(super) fn problems(&self, problems: &[Problem], all: bool, to: &mut dyn Write) -> io::Result<()> {
        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for problem in problems.iter().filter(|problem| !self.quiet || problem.severity() == Severity::Error)
        {
            let count = told.entry(problem.code()).or_default();
            *count += 1;
            if all || *count <= TOLD_OF_A_KIND {
                writeln!(to, "{}", problem_line(problem))?;
            }
        }
        for (code, count) in told.into_iter().filter(|(_, count)| !all && *count > TOLD_OF_A_KIND) {
            let more = grouped_digits((count - TOLD_OF_A_KIND) as u64);
            writeln!(
                to,
                "{code}: {more} more of this kind; all of them are in summary.json, and here with -v"
            )?;
        }
        Ok(())
    }

    /// What each file was read as.
    pub(super) fn files(export: &Export, to: &mut dyn Write) -> io::Result<()> {
        for file in export.files() {
            let form = format!("{}, {}, {}", file.role, file.form, file.encoding.as_str());
            writeln!(to, "{}: {form}, {} bytes, SHA-256 {}", shown(&file.label), file.bytes, file.sha256)?;
        }
        for passed in export.passed_over() {
            writeln!(to, "{}: passed over: {}", shown(&passed.source), wording::passed_over(passed.reason))?;
        }
        Ok(())
    }

    /// The tables of a report, completeness, and how many problems there are.
    pub(super) fn summary(&self, report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
        for totals in report.totals() {
            let heading = format!("{}: {}", wording::function_title(totals.function), numbers(totals));
            writeln!(to, "{}\n", self.styled(Style::Heading, &heading))?;
            let groups: Vec<&Group<'_>> =
                report.groups().iter().filter(|group| group.function == totals.function).collect();
            if groups.is_empty() {
                writeln!(to, "  no changes\n")?;
            } else {
                self.table(&matrix(&groups, totals.function), to)?;
            }
            let jobs = report.jobs().iter().filter(|job| job.totals.function == totals.function);
            for job in jobs.clone() {
                let id = job.job_id.map_or("no job named".into(), shown);
                writeln!(to, "  job {id}: {}", numbers(&job.totals))?;
            }
            if jobs.count() > 0 {
                writeln!(to)?;
            }
        }
        self.failures(report, to)?;
        writeln!(to, "{}\n", self.styled(Style::Heading, "Are all pages there?"))?;
        report.export().page_sets().iter().try_for_each(|set| page_set(report.export(), set, to))?;
        let passed_over = report.export().passed_over().len() as u64;
        if passed_over > 0 {
            let (count, files) = (grouped_digits(passed_over), wording::plural(passed_over, "file", "files"));
            writeln!(to, "\n  Passed over: {count} {files}, named in summary.json and with -v")?;
        }
        let problems = report.export().problems();
        let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error).count() as u64;
        let warnings = problems.len() as u64 - errors;
        writeln!(
            to,
            "\n{} {} {}, {} {}",
            self.styled(Style::Heading, "Problems:"),
            grouped_digits(errors),
            wording::plural(
                errors,
                "error (data is missing from the report)",
                "errors (data is missing from the report)"
            ),
            grouped_digits(warnings),
            wording::plural(warnings, "warning", "warnings"),
        )
    }

    fn failures(&self, report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
        let failures = report.failures();
        if failures.is_empty() {
            return Ok(());
        }
        writeln!(to, "{}\n", self.styled(Style::Heading, "Why changes failed"))?;
        let told = if self.verbose { failures.len() } else { failures.len().min(TOLD_REASONS) };
        let width = failures.iter().map(|failure| grouped_digits(failure.objects).len()).max().unwrap_or(0);
        for failure in &failures[..told] {
            let count = grouped_digits(failure.objects);
            let reason = failure.category.map_or("no message", wording::failure_category);
            let message =
                failure.message.as_deref().map(|text| format!(": {}", shown(text))).unwrap_or_default();
            writeln!(to, "  {count:>width$}  {reason}{message}")?;
        }
        let rest = &failures[told..];
        if !rest.is_empty() {
            let objects = grouped_digits(rest.iter().map(|failure| failure.objects).sum());
            let messages = grouped_digits(rest.len() as u64);
            writeln!(
                to,
                "  {objects:>width$}  with {messages} other messages; all of them are in summary.json, and here with -v"
            )?;
        }
        writeln!(to)
    }

    fn table(&self, rows: &[Vec<String>], to: &mut dyn Write) -> io::Result<()> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for (number, row) in rows.iter().enumerate() {
            let mut line = String::from(" ");
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let gap = " ".repeat(width - cell.width());
                let padded = if column == 0 { [" ", cell, &gap] } else { ["  ", &gap, cell] };
                line.extend(padded);
            }
            let line = if number == 0 { self.styled(Style::Faint, line.trim_end()) } else { line };
            writeln!(to, "{}", line.trim_end())?;
        }
        writeln!(to)
    }
}

/// `82 objects, 144 changed properties, 7 changed links`.
fn numbers(totals: &Totals) -> String {
    let Totals { objects, property_changes, link_changes, .. } = *totals;
    format!(
        "{} {}, {} changed {}, {} changed {}",
        grouped_digits(objects),
        wording::plural(objects, "object", "objects"),
        grouped_digits(property_changes),
        wording::plural(property_changes, "property", "properties"),
        grouped_digits(link_changes),
        wording::plural(link_changes, "link", "links"),
    )
}

/// Whether a page set is all there, and what its job says.
fn page_set(export: &Export, set: &PageSet, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "  {}", wording::page_set(set))?;
    let snapshot = set.snapshot_date_time.as_ref().or(set.snapshot_id.as_ref());
    if let Some(snapshot) = snapshot {
        writeln!(to, "    snapshot {}", shown(snapshot))?;
    }
    if let Some(job) = &set.job_id {
        writeln!(to, "    job {}", shown(job))?;
    }
    export.jobs_of(set).try_for_each(|job| writeln!(to, "    {}", shown(&wording::job(job))))
}

/// A style of text, never the only bearer of a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Heading,
    Added,
    Removed,
    Faint,
    Warning,
}

/// How many actions have a column of their own; the service knows three.
const ACTION_COLUMNS: usize = 8;

/// Action × type, with totals and how many of them failed.
fn matrix(groups: &[&Group<'_>], function: Function) -> Vec<Vec<String>> {
    // The groups stand by action, then type.
    let mut actions: Vec<&RecoveryAction> = groups.iter().map(|group| group.recovery_action).collect();
    actions.dedup();
    let has_others = actions.len() > ACTION_COLUMNS;
    actions.truncate(ACTION_COLUMNS);
    let width = actions.len() + usize::from(has_others);
    let mut counts: BTreeMap<&EntityType, Line> = BTreeMap::new();
    let mut total = Line::new(width);
    for group in groups {
        let column = actions.iter().position(|action| *action == group.recovery_action).unwrap_or(width - 1);
        counts.entry(group.entity_type).or_insert_with(|| Line::new(width)).add(column, group);
        total.add(column, group);
    }
    let shows_failed = function == Function::GetChanges && total.failed > 0;
    let mut head = vec!["type".to_owned()];
    head.extend(actions.iter().map(|action| shown(wording::recovery_action(action)).into_owned()));
    head.extend(has_others.then(|| "other actions".to_owned()));
    head.push("total".to_owned());
    head.extend(shows_failed.then(|| "of which failed".to_owned()));
    let mut rows = vec![head];
    rows.extend(
        counts.iter().map(|(kind, line)| line.cells(shown(kind.as_str()).into_owned(), shows_failed)),
    );
    rows.push(total.cells("total".to_owned(), shows_failed));
    rows
}

/// The numbers of one line of a matrix.
struct Line {
    by_action: Vec<u64>,
    failed: u64,
}

impl Line {
    fn new(width: usize) -> Self {
        Line { by_action: vec![0; width], failed: 0 }
    }

    fn add(&mut self, column: usize, group: &Group<'_>) {
        self.by_action[column] += group.objects();
        self.failed += group.failed;
    }

    fn cells(&self, name: String, shows_failed: bool) -> Vec<String> {
        let mut cells = vec![name];
        cells.extend(self.by_action.iter().map(|&count| count_or_dot(count)));
        cells.push(grouped_digits(self.by_action.iter().sum()));
        cells.extend(shows_failed.then(|| count_or_dot(self.failed)));
        cells
    }
}

fn count_or_dot(count: u64) -> String {
    if count == 0 { "·".to_owned() } else { grouped_digits(count) }
}

/// `1234567` as `1,234,567`.
pub(super) fn grouped_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `file:line:col: code: what: what to do`.
fn problem_line(problem: &Problem) -> String {
    let place = &problem.place;
    let mut line = shown(&place.file).into_owned();
    if let Some(position) = place.position {
        line = format!("{line}:{}:{}", position.line, position.column);
    }
    let message = wording::problem_message(&problem.kind);
    let advice = wording::problem_advice(&problem.kind);
    format!("{line}: {}: {}: {advice}", problem.code(), shown(&message))
}

/// Text from the input as a terminal may see it: [`escaped`], and cut after [`SHOWN_CHARACTERS`].
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => escaped(text),
        Some((end, _)) => Cow::Owned(format!("{}…", escaped(&text[..end]))),
    }
}

/// Text from the input with control, bidirectional and invisible characters as `\u{1b}`.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Whether a character could steer a terminal, or hide or reorder what stands beside it.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped_and_cut() {
        assert_eq!(shown("a\u{1b}]0;x\u{7}\u{202e}b"), "a\\u{1b}]0;x\\u{7}\\u{202e}b");
        assert_eq!(shown(&"é".repeat(300)).chars().count(), 201);
        assert!(matches!(shown("plain ümläut"), Cow::Borrowed(_)));
    }

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!(
            [0, 12, 123, 1234, 1_234_567].map(grouped_digits),
            ["0", "12", "123", "1,234", "1,234,567"]
        );
    }
}
