//! What may be typed → library types. No clap type leaves this module's children.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use entra_diff::evidence::ManifestOptions;
use entra_diff::ingest::{ArchiveLimits, Limits, SurveyOptions};
use entra_diff::render::Format;
use entra_diff::report::{Options as ReportOptions, Perspective, TimeZone};

use super::batch::BatchArgs;
use super::dialect::DialectArgs;
use super::exit::ExitStatus;

const STYLES: Styles =
    Styles::styled().header(AnsiColor::Green.on_default().bold()).literal(AnsiColor::Cyan.on_default());

/// Reports every property difference in the saved pages of Microsoft Entra Backup and Recovery.
#[derive(Debug, Parser)]
#[command(name = "entra-diff", version, styles = STYLES, arg_required_else_help = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// When to use colour; NO_COLOR and FORCE_COLOR are heeded
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: When,
    /// How messages on standard error are written: for people, or as a JSON object a line for programs
    #[arg(long, global = true, value_enum, default_value = "human", value_name = "FORMAT")]
    pub(super) message_format: MessageFormat,
}

/// For whom messages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MessageFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the report of a folder of saved pages
    Report(ReportArgs),
    /// Write the report of each case in a folder of cases, and an index of all
    Batch(Box<BatchArgs>),
    /// Print the report's numbers, write nothing
    Summary(SummaryArgs),
    /// Print the changes of one object
    Show(ShowArgs),
    /// Check that a report and its inputs are as they were
    Verify(VerifyArgs),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Reading {
    /// Files and folders of saved pages, folders with everything below them; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<PathBuf>,
    /// Only the pages of this job
    #[arg(long = "job", value_name = "ID")]
    pub(super) jobs: Vec<String>,
    /// Threads to use [default: one for each processor]
    #[arg(short = 'j', long = "jobs", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
    /// How large a file may be, in MiB; a larger one is left out
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().file >> 20, help_heading = LIMITS)]
    max_file_size: u64,
    /// How much the inputs may take in memory, all together, in MiB [default: five eighths of the memory there is]
    #[arg(long, value_name = "MIB", help_heading = LIMITS)]
    max_memory: Option<u64>,
    /// How much the rows of one change may take in a table, in MiB; a change that takes more is left out
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().rows >> 20, help_heading = LIMITS)]
    max_change_size: u64,
    /// How many problems of one kind are listed for each file; the others are counted
    #[arg(long, value_name = "N", default_value_t = Limits::default().problems, help_heading = LIMITS,
        value_parser = clap::value_parser!(u64).range(1..))]
    max_problems: u64,
    /// How long the path of a page in its file, or the name of an archive's entry, may be, in bytes; what has a longer
    /// one is left out
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().name, help_heading = LIMITS)]
    max_name_size: u64,
    /// How much a file may hold that has no size of its own, as the system makes them up, in MiB; one with more is left out
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().stream >> 20, help_heading = LIMITS)]
    max_stream_size: u64,
    /// How many times its packed size what is in an archive may have, if that is more than 16 MiB
    #[arg(long, value_name = "N", default_value_t = ArchiveLimits::default().ratio, help_heading = LIMITS)]
    max_archive_ratio: u64,
    /// How many entries of an archive are looked at
    #[arg(long, value_name = "N", default_value_t = ArchiveLimits::default().entries, help_heading = LIMITS)]
    max_archive_entries: u64,
    /// How much may come out of one archive, in MiB
    #[arg(long, value_name = "MIB", default_value_t = ArchiveLimits::default().bytes >> 20, help_heading = LIMITS)]
    max_archive_size: u64,
    /// Print nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print every problem, and what each file was read as
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// Where the help tells of limits.
const LIMITS: &str = "Limits";

impl Reading {
    /// How the inputs are to be read, where the system lets a run hold so many bytes of text.
    pub(super) fn survey_options(&self, memory: Option<u64>) -> SurveyOptions {
        let mib = |mib: u64| mib.saturating_mul(1 << 20);
        let archives = ArchiveLimits {
            ratio: self.max_archive_ratio,
            entries: self.max_archive_entries,
            bytes: mib(self.max_archive_size),
        };
        let limits = Limits {
            file: mib(self.max_file_size),
            memory: self.max_memory.map(mib).or(memory).unwrap_or(u64::MAX),
            rows: mib(self.max_change_size),
            problems: self.max_problems,
            name: self.max_name_size,
            stream: mib(self.max_stream_size),
            archives,
        };
        SurveyOptions { jobs: self.jobs.clone(), limits, share: None }
    }
}

#[derive(Debug, Clone, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub(super) reading: Reading,
    /// A folder, a file by its extension (.html .csv .xlsx .ndjson .json .md), or - for standard output
    #[arg(short, long, default_value = "entra-diff-report", value_name = "PATH")]
    pub(super) output: PathBuf,
    /// Formats to write [default: html,csv,xlsx, or that of the output's extension]
    #[arg(short, long = "format", value_delimiter = ',', value_enum, value_name = "LIST")]
    formats: Vec<FormatName>,
    /// A title for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Whose tenant it is; the pages do not say
    #[arg(long, value_name = "TEXT")]
    pub(super) organization: Option<String>,
    /// A case number
    #[arg(long, value_name = "TEXT")]
    pub(super) case_id: Option<String>,
    /// Who made the report
    #[arg(long, value_name = "TEXT")]
    pub(super) prepared_by: Option<String>,
    /// Which direction the words lead with; both are always there
    #[arg(long, value_enum, default_value = "incident", value_name = "WHICH")]
    perspective: PerspectiveName,
    /// The IANA time zone of shown times, such as Europe/Copenhagen
    #[arg(long = "timezone", default_value = "UTC", value_name = "ZONE", value_parser = time_zone)]
    time_zone: TimeZone,
    #[command(flatten)]
    pub(super) dialect: DialectArgs,
    /// Write nothing if any data would be missing from the report
    #[arg(long)]
    pub(super) strict: bool,
    /// Write into a folder that is not empty, or over a file; other files are not touched
    #[arg(long)]
    pub(super) force: bool,
    /// End with exit code 1 if there are any
    #[arg(long, value_delimiter = ',', value_enum, value_name = "LIST")]
    pub(super) fail_on: Vec<FailOn>,
}

#[derive(Debug, Args)]
pub(super) struct SummaryArgs {
    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    pub(super) reading: Reading,
    /// The object's id, without regard to case
    #[arg(long, value_name = "ID")]
    pub(super) id: String,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The folder of a report
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// The files and folders it was made of, as they were given to `report`; - is standard input
    #[arg(long, value_name = "PATH")]
    pub(super) inputs: Vec<PathBuf>,
    /// Print nothing but what is wrong
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// A page to read and to print
    Html,
    /// One line a changed property or link
    Csv,
    /// A workbook
    Xlsx,
    /// One object a line, with its patch
    Ndjson,
    /// Every number, input and problem
    Json,
    /// A summary for a ticket
    Md,
    /// One line a restore artifact; goes with csv into a folder where there are some
    RestoreCsv,
    /// One restore artifact a line; goes with ndjson into a folder where there are some
    RestoreNdjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PerspectiveName {
    /// What happened since the backup
    Incident,
    /// What recovery will do
    Recovery,
}

impl From<PerspectiveName> for Perspective {
    fn from(name: PerspectiveName) -> Self {
        match name {
            PerspectiveName::Incident => Perspective::Incident,
            PerspectiveName::Recovery => Perspective::Recovery,
        }
    }
}

fn time_zone(name: &str) -> Result<TimeZone, &'static str> {
    TimeZone::named(name).ok_or("no time zone of the IANA database; UTC and Europe/Copenhagen are")
}

/// A condition that ends a run with exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Changes that recovery could not make
    FailedChanges,
    /// Any change at all
    AnyChange,
    /// Any problem, warnings too
    Problems,
}

/// How a value is typed.
fn value_name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            FormatName::Html => Format::Html,
            FormatName::Csv => Format::Csv,
            FormatName::Xlsx => Format::Xlsx,
            FormatName::Ndjson => Format::Ndjson,
            FormatName::Json => Format::SummaryJson,
            FormatName::Md => Format::Markdown,
            FormatName::RestoreCsv => Format::RestoreCsv,
            FormatName::RestoreNdjson => Format::RestoreNdjson,
        }
    }
}

impl ReportArgs {
    /// What a manifest says was asked for.
    pub(super) fn manifest_options(&self, formats: &[Format]) -> ManifestOptions {
        let options = self.options();
        ManifestOptions {
            formats: formats.iter().map(|format| format.as_str().to_owned()).collect(),
            strict: self.strict,
            fail_on: self.fail_on.iter().map(value_name).collect(),
            jobs: self.reading.jobs.clone(),
            perspective: options.perspective.as_str().to_owned(),
            time_zone: options.time_zone.to_string(),
            title: options.title,
            organization: options.organization,
            case_id: options.case_id,
            prepared_by: options.prepared_by,
            ..self.dialect.manifest_options()
        }
    }

    /// The formats that were asked for, each once.
    pub(super) fn formats(&self) -> Vec<Format> {
        let mut formats: Vec<Format> = self.formats.iter().map(|name| name.format()).collect();
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    pub(super) fn options(&self) -> ReportOptions {
        ReportOptions {
            title: self.title.clone(),
            organization: self.organization.clone(),
            case_id: self.case_id.clone(),
            prepared_by: self.prepared_by.clone(),
            perspective: self.perspective.into(),
            time_zone: self.time_zone.clone(),
        }
    }
}

/// The command with the exit codes in its help.
pub(super) fn command() -> clap::Command {
    let with_codes = |command: clap::Command| command.after_help(ExitStatus::help());
    with_codes(Cli::command())
        .mut_subcommand("report", with_codes)
        .mut_subcommand("batch", |command| with_codes(BatchArgs::of_roots(command)))
        .mut_subcommand("verify", with_codes)
}

/// Reads the command line.
pub(super) fn parse(args: impl Iterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(args)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    if let (Command::Batch(batch), Some((_, matches))) = (&mut cli.command, matches.subcommand()) {
        batch.keep_typed(matches);
    }
    Ok(cli)
}
