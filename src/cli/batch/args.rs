//! What may be typed after `batch`: everything that `report` takes, and what makes many reports of it.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, ValueEnum};

use entra_diff::render::Format;
use entra_diff::report::batch::CaseWords;

use super::super::args::ReportArgs;
use super::cases::Planned;

#[derive(Debug, Args)]
pub(in crate::cli) struct BatchArgs {
    #[command(flatten)]
    pub(super) report: ReportArgs,
    /// What a case is
    #[arg(long, value_enum, default_value = "folder", value_name = "WHAT")]
    pub(super) by: By,
    /// Leave the cases alone that are finished and whose inputs and options are unchanged; make the rest
    #[arg(long)]
    pub(super) resume: bool,
    /// Write the index alone, and no report
    #[arg(long)]
    pub(super) summary_only: bool,
    /// How much the cases that are read at the same time may take in memory, in MiB [default: five
    /// eighths of the memory there is]
    #[arg(long, value_name = "MIB")]
    pub(super) memory: Option<u64>,
    /// The options of `report` among those that were typed.
    #[arg(skip)]
    typed: Vec<OsString>,
}

/// What a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Each folder, and each archive, in a ROOT
    Folder,
    /// Each job in one of them, as `report --job` has it
    Job,
}

/// What `batch` alone takes, tells each case in its own words, or has no part in what a report says.
const NOT_OF_A_CASE: [&str; 17] = [
    "inputs",
    "output",
    "by",
    "resume",
    "summary_only",
    "memory",
    "title",
    "organization",
    "case_id",
    "prepared_by",
    "jobs",
    "threads",
    "force",
    "quiet",
    "verbose",
    "color",
    "message_format",
];

impl BatchArgs {
    /// The command with the words that differ from those of `report`.
    pub(in crate::cli) fn of_roots(command: Command) -> Command {
        let inputs =
            "Folders of cases: each folder and each archive (.zip) directly in one of them is a case";
        let output = "The folder for the index, and for a folder of each case's report";
        command
            .mut_arg("inputs", |arg| arg.value_name("ROOT").help(inputs))
            .mut_arg("output", |arg| {
                arg.value_name("DIR").help(output).default_value(None::<&'static str>).required(true)
            })
            .mut_arg("force", |arg| {
                arg.help(
                    "Write into a folder that is not empty; only files of this program's output names are replaced",
                )
            })
    }

    /// Keeps what was typed of the options that a case's report has, too.
    pub(in crate::cli) fn keep_typed(&mut self, matches: &ArgMatches) {
        let ids = matches.ids().map(clap::Id::as_str);
        let is_typed = |id: &&str| {
            !NOT_OF_A_CASE.contains(id) && matches.value_source(id) == Some(ValueSource::CommandLine)
        };
        let command = super::super::args::command();
        let Some(batch) = command.find_subcommand("batch") else { return };
        for id in ids.filter(is_typed) {
            let Some(arg) = batch.get_arguments().find(|arg| arg.get_id() == id) else { continue };
            let Some(long) = arg.get_long() else { continue };
            if !arg.get_action().takes_values() {
                self.typed.push(format!("--{long}").into());
                continue;
            }
            for value in matches.get_raw(id).into_iter().flatten() {
                self.typed.extend([format!("--{long}").into(), value.to_owned()]);
            }
        }
    }

    /// The formats of each case's report.
    pub(super) fn formats(&self) -> Vec<Format> {
        let formats = self.report.formats();
        if formats.is_empty() { Format::DEFAULT.to_vec() } else { formats }
    }

    /// What `report` would be given for `case`, whose words are `words`.
    pub(super) fn of_case(&self, case: &Planned, words: &CaseWords) -> ReportArgs {
        let mut args = self.report.clone();
        args.reading.inputs.clone_from(&case.inputs);
        args.reading.jobs.extend(case.job.clone());
        args.output = self.report.output.join(&case.name);
        args.force |= self.resume;
        let CaseWords { organization, case_id, title, prepared_by } = words.clone();
        (args.organization, args.case_id) = (organization, case_id);
        (args.title, args.prepared_by) = (title, prepared_by);
        args
    }

    /// The same as it would be typed.
    pub(super) fn command_of(&self, args: &ReportArgs) -> Vec<OsString> {
        let mut command: Vec<OsString> = ["entra-diff", "report"].map(OsString::from).to_vec();
        command.extend(args.reading.inputs.iter().map(|input| input.clone().into_os_string()));
        command.extend(["--output".into(), args.output.clone().into_os_string()]);
        command.extend(args.reading.jobs.iter().flat_map(|job| ["--job".into(), job.into()]));
        let words = [
            ("--title", &args.title),
            ("--organization", &args.organization),
            ("--case-id", &args.case_id),
            ("--prepared-by", &args.prepared_by),
        ];
        for (option, text) in words {
            command.extend(text.iter().flat_map(|text| [option.into(), text.into()]));
        }
        command.extend(self.typed.iter().cloned());
        command
    }
}
