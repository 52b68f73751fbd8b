//! What a terminal shows: tables, problems, progress.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use entra_diff::ingest::Export;
use entra_diff::model::{PageSet, Problem, Severity};
use entra_diff::report::wording::{self, heading, restore, terminal};
use entra_diff::report::{Line, Matrix, Report};

use super::args::When;
use super::messages::Messages;
use super::text::{shown, told};

/// Where things are told, and how much.
pub(super) struct Console {
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    pub(super) color: bool,
    pub(super) messages: Messages,
    /// Where somebody else shows how far the work is.
    pub(super) work: Option<Work>,
}

/// How far some work is, for whoever shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Work(Arc<Mutex<Option<Step>>>);

/// A part of some work.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// What is done.
    pub(super) doing: &'static str,
    /// How far it is.
    pub(super) bar: ProgressBar,
}

impl Work {
    /// What is done now, once something is.
    pub(super) fn step(&self) -> Option<Step> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on to what is done next.
    pub(super) fn go_on(&self, step: Step) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
    }
}

/// How many messages of failed changes are told one by one.
const TOLD_REASONS: usize = 10;

/// How many jobs without pages are told.
const TOLD_JOBS: usize = 10;

/// How many problems of one code are told one by one.
const TOLD_OF_A_KIND: usize = 3;

impl Console {
    /// Decides on colour by the option, then NO_COLOR and FORCE_COLOR, then the terminal.
    pub(super) fn new(when: When, messages: Messages, quiet: bool, verbose: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            When::Auto => set("FORCE_COLOR") || io::stdout().is_terminal(),
        };
        Console { quiet, verbose, color, messages, work: None }
    }

    /// The same, where somebody else shows how far `work` is.
    pub(super) fn showing(self, work: Work) -> Self {
        Console { work: Some(work), ..self }
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

    /// A progress line on standard error, if that is a terminal and nobody else shows it.
    pub(super) fn progress(&self, doing: &'static str, template: &str) -> ProgressBar {
        if let Some(work) = &self.work {
            let bar = ProgressBar::hidden();
            work.go_on(Step { doing, bar: bar.clone() });
            return bar;
        }
        if self.quiet || self.messages.are_json() || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::no_length().with_style(style).with_message(doing);
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        bar
    }

    /// Tells the problems. To people those of one kind are told as one with a count where there are many.
    ///
    /// # Errors
    /// Standard error that cannot be written to.
    pub(super) fn problems(&self, problems: &[Problem], all: bool) -> io::Result<()> {
        let all = all || self.messages.are_json();
        // By code: how many are told, and how many are not.
        let mut codes: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
        for problem in problems.iter().filter(|problem| !self.quiet || problem.severity() == Severity::Error)
        {
            let (told, hidden) = codes.entry(problem.code()).or_default();
            if all || *told < TOLD_OF_A_KIND {
                *told += 1;
                self.messages.problem(problem)?;
            } else {
                *hidden += problem.count();
            }
        }
        for (code, (_, hidden)) in codes.into_iter().filter(|(_, (_, hidden))| *hidden > 0) {
            self.messages.remark(&terminal::more_problems(code, hidden))?;
        }
        Ok(())
    }

    /// What each file was read as.
    pub(super) fn files(export: &Export, to: &mut dyn Write) -> io::Result<()> {
        for file in export.files() {
            let form = format!("{}, {}, {}", file.role, file.form, file.encoding);
            writeln!(to, "{}: {form}, {} bytes, SHA-256 {}", shown(&file.label), file.bytes, file.sha256())?;
        }
        for passed in export.passed_over() {
            writeln!(to, "{}: passed over: {}", shown(&passed.source), wording::passed_over(passed.reason))?;
        }
        Ok(())
    }

    /// The tables of a report, completeness, and how many problems there are.
    pub(super) fn summary(&self, report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
        let notices = report.notices();
        for notice in &notices {
            writeln!(to, "{}", self.styled(Style::Warning, &told(notice)))?;
        }
        if !notices.is_empty() {
            writeln!(to)?;
        }
        for totals in report.totals() {
            let heading =
                format!("{}: {}", wording::function_title(totals.function), wording::totals(totals));
            writeln!(to, "{}\n", self.styled(Style::Heading, &heading))?;
            if totals.objects == 0 {
                writeln!(to, "  {}\n", terminal::NO_CHANGES)?;
            } else {
                self.table(&matrix(&report.matrix(totals.function)), to)?;
            }
            let jobs = report.jobs().iter().filter(|job| job.totals.function == totals.function);
            for job in jobs.clone() {
                let id = job.job_id.map_or(heading::NO_JOB.into(), shown);
                writeln!(to, "  job {id}: {}", wording::totals(&job.totals))?;
            }
            if jobs.count() > 0 {
                writeln!(to)?;
            }
        }
        self.failures(report, to)?;
        self.restore_artifacts(report, to)?;
        writeln!(to, "{}\n", self.styled(Style::Heading, heading::COMPLETENESS))?;
        if !report.has_pages() {
            writeln!(to, "  {}", heading::NO_PAGES)?;
        }
        report.export().page_sets().iter().try_for_each(|set| page_set(report, set, to))?;
        self.jobs_alone(report, to)?;
        if let Some(backups) = report.backups() {
            writeln!(to, "  {}", told(&wording::backups(&backups, &report.options().time_zone)))?;
        }
        let passed_over = report.export().passed_over().len() as u64;
        if passed_over > 0 {
            writeln!(to, "\n  {}", terminal::passed_over(passed_over))?;
        }
        let problems = report.export().problems();
        writeln!(
            to,
            "\n{} {}",
            self.styled(Style::Heading, &format!("{}:", heading::PROBLEMS)),
            wording::problem_counts(problems)
        )
    }

    /// The jobs of which no page is in the report.
    fn jobs_alone(&self, report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
        let count = report.jobs_alone().count();
        let shown = if self.verbose { count } else { count.min(TOLD_JOBS) };
        report
            .jobs_alone()
            .take(shown)
            .try_for_each(|job| writeln!(to, "  {}", told(&report.job_alone(job))))?;
        match (count - shown) as u64 {
            0 => Ok(()),
            more => writeln!(to, "  {}", terminal::more_jobs(more)),
        }
    }

    fn failures(&self, report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
        let failures = report.failures();
        if failures.is_empty() {
            return Ok(());
        }
        writeln!(to, "{}\n", self.styled(Style::Heading, heading::FAILURES))?;
        let told = if self.verbose { failures.len() } else { failures.len().min(TOLD_REASONS) };
        let width = failures.iter().map(|failure| wording::number(failure.objects).len()).max().unwrap_or(0);
        for failure in &failures[..told] {
            let count = wording::number(failure.objects);
            let reason = failure.category.map_or(wording::NO_MESSAGE, wording::failure_category);
            let message =
                failure.message.as_deref().map(|text| format!(": {}", shown(text))).unwrap_or_default();
            writeln!(to, "  {count:>width$}  {reason}{message}")?;
        }
        let rest = &failures[told..];
        if !rest.is_empty() {
            let objects = wording::number(rest.iter().map(|failure| failure.objects).sum());
            let others = terminal::other_messages(rest.len() as u64);
            writeln!(to, "  {objects:>width$}  {others}")?;
        }
        writeln!(to)
    }

    /// How many artifacts of restore sessions ended how.
    fn restore_artifacts(&self, report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
        let groups = report.restore_groups();
        if groups.is_empty() {
            return Ok(());
        }
        let counts = restore::all_counts(&report.restore_collections());
        writeln!(to, "{}\n", self.styled(Style::Heading, &format!("{}: {counts}", restore::HEADING)))?;
        let told = if self.verbose { groups.len() } else { groups.len().min(TOLD_REASONS) };
        let width = groups.iter().map(|group| wording::number(group.count()).len()).max().unwrap_or(0);
        for group in &groups[..told] {
            let count = wording::number(group.count());
            let outcome = shown(restore::outcome(group.outcome));
            writeln!(to, "  {count:>width$}  {}: {outcome}", shown(group.collection))?;
        }
        if groups.len() > told {
            writeln!(to, "  {}", terminal::more_groups((groups.len() - told) as u64))?;
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

/// Whether a page set is all there, and what its job says.
fn page_set(report: &Report<'_>, set: &PageSet, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "  {}", wording::page_set(set))?;
    let snapshot = set.snapshot_date_time.as_ref().or(set.snapshot_id.as_ref());
    if let Some(snapshot) = snapshot {
        let made = report.saved_snapshot_time(set);
        let made = made.map(|made| wording::snapshot_time(made, &report.options().time_zone));
        let made = made.map(|made| format!(", {}", told(&made))).unwrap_or_default();
        writeln!(to, "    snapshot {}{made}", shown(snapshot))?;
    }
    if let Some(job) = &set.job_id {
        writeln!(to, "    job {}", shown(job))?;
    }
    report.export().jobs_of(set).try_for_each(|job| writeln!(to, "    {}", told(&report.job(job))))
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

/// A matrix as lines of cells.
fn matrix(matrix: &Matrix<'_>) -> Vec<Vec<String>> {
    let mut head = vec![wording::TYPE.to_owned()];
    head.extend(matrix.actions.iter().map(|action| shown(wording::column_of(*action)).into_owned()));
    head.push(wording::TOTAL.to_owned());
    head.extend(matrix.shows_failed.then(|| wording::OF_WHICH_FAILED.to_owned()));
    let mut rows = vec![head];
    let cells = |name: &str, line: &Line<'_>| {
        let mut cells = vec![shown(name).into_owned()];
        cells.extend(line.cells.iter().map(|cell| wording::number_or_dot(cell.objects)));
        cells.push(wording::number(line.objects));
        cells.extend(matrix.shows_failed.then(|| wording::number_or_dot(line.failed)));
        cells
    };
    rows.extend(matrix.lines.iter().map(|line| cells(wording::line_of(line.entity_type), line)));
    rows.push(cells(wording::TOTAL, &matrix.total));
    rows
}

/// Why there is no report, and how far the saved jobs came, which may be the reason.
pub(super) fn nothing_to_report(export: &Export) -> String {
    let mut words = terminal::nothing_to_report(!export.jobs_asked_for().is_empty()).to_owned();
    let states: BTreeSet<String> = export.jobs().iter().map(|job| told(&wording::job_state(job))).collect();
    for state in states.iter().take(TOLD_JOBS) {
        words.push_str("; ");
        words.push_str(state);
    }
    match states.len().saturating_sub(TOLD_JOBS) as u64 {
        0 => words,
        more => format!("{words}; {}", wording::more_jobs(more)),
    }
}
