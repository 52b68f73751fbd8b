//! Bytes on disk → [`Export`]: the only stage that knows files, encodings and envelopes.
//!
//! The survey reads every file once, finds its documents and items, reads each item once in parallel, and
//! keeps the bytes and a small index. What an item's rows are it is told by a function it is given. It
//! never fails as a whole: whatever cannot be used becomes a [`Problem`], and the rest goes on.

mod about;
mod archive;
mod batch;
mod brackets;
mod by_id;
mod checksum_name;
mod completeness;
mod contents;
mod decode;
mod discover;
mod disk;
mod document;
mod duplicates;
mod embedded;
mod escaped;
mod export;
mod facts;
mod fault;
mod file;
mod finder;
mod har;
mod har_body;
mod http;
mod identify;
mod identity;
mod job;
mod json_batch;
mod json_string;
mod limits;
mod lines;
mod listed;
mod mark;
mod members;
mod neighbour;
mod nested;
mod outline;
mod page;
mod passed_over;
mod powershell;
mod read_error;
mod reader;
mod record;
mod recordings;
mod restore_session;
mod role;
mod skip;
mod source_file;
mod survey;
mod surveyed_page;
mod told;
mod transcript;
mod trust;
mod understood;
mod url;
mod wanted;

use std::ops::Range;

use rayon::prelude::*;

pub use archive::{ArchiveLimits, RATIO_FROM};
pub use checksum_name::path_of_checksum_name;
pub use discover::{
    BATCH_NAMES, BATCH_STATE, CASE_FILE, Input, Located, LocatedFile, OWN_NAMES, UNFINISHED, is_case_archive,
    is_unfinished, locate, looks_like_a_page, natural,
};
pub use export::{Export, ItemRef};
pub use identity::Identity;
pub use limits::Limits;
pub use passed_over::{PassedOver, PassedOverReason};
pub use read_error::{ReadError, ReadErrorKind};
pub use reader::{DEPTH_LIMIT, Read, read};
pub use record::{ReadRecord, RecordReader, read_record};
pub use source_file::SourceFile;
pub use wanted::is_foreign_archive;

use crate::model::{Extent, Problem, ProblemKind, Record};

use batch::Batch;
use duplicates::SortKey;
use export::Item;
use file::FileSurvey;
use limits::Held;
use outline::Span;
use survey::Reading;
use survey::SurveyedPage;

/// How to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyOptions {
    /// Only pages of these jobs, compared without regard to case; empty means all.
    pub jobs: Vec<String>,
    /// How much is read at most.
    pub limits: Limits,
    /// Where others are read beside it: how many bytes may be held before the survey stops, below those of the limits.
    /// A survey that does not stop finds the same with a share as without.
    pub share: Option<u64>,
}

/// How many items are read one behind the other before another thread may take over.
const BATCH_ITEMS: usize = 512;

/// Reads `inputs` and indexes their items. `examine` tells how an item's rows count; `progress` is called
/// with the size in bytes of each file that is done, from any thread.
pub fn survey<E, P>(inputs: Vec<Input>, options: &SurveyOptions, examine: E, progress: P) -> Export
where
    E: Fn(&Record<'_>) -> Extent + Sync,
    P: Fn(u64) + Sync,
{
    let found = discover::discover(inputs);
    let root_name = found.root_name;
    let held = Held::new(options.limits.memory).sharing(options.share);
    let reading = Reading {
        root_name: &root_name,
        examine: &examine,
        batches: &in_batches,
        limits: options.limits,
        held: &held,
    };
    let surveys: Vec<Vec<FileSurvey>> = found
        .files
        .into_par_iter()
        .map(|found| {
            let surveys = file::survey_file(found, reading);
            progress(surveys.first().and_then(|survey| survey.file.as_ref()).map_or(0, |file| file.bytes));
            surveys
        })
        .collect();
    if held.is_over() {
        // What was found so far is a part, and says nothing that holds.
        return Export { stopped: Some(held.most()), ..Export::default() };
    }
    let mut export = Export {
        problems: found.problems,
        passed_over: found.passed_over,
        unreadable: found.unreadable,
        jobs_asked_for: distinct(&options.jobs),
        limits: options.limits,
        ..Export::default()
    };
    let file_problems = assemble(&mut export, surveys.into_iter().flatten());
    identify::pages(&mut export, &root_name, &options.jobs);
    duplicates::leave_out_pages(&mut export);
    identify::put_into_sets(&mut export);
    let items = 0..export::index_of(export.items.len());
    let mut sorted: Vec<SortKey> =
        items.into_par_iter().map(|index| duplicates::sort_key(&export, index)).collect();
    sorted.par_sort_unstable();
    let duplicates = duplicates::leave_out_items(&mut export, &sorted);
    drop(sorted);
    identify::page_sets(&mut export);
    export.problems.extend(duplicates);
    identify::tell_unknown_future_values(&mut export);
    collect_problems(&mut export, file_problems);
    export
}

/// The jobs, each once and in one order, however they were typed.
fn distinct(jobs: &[String]) -> Vec<String> {
    let by_id: std::collections::BTreeMap<String, &String> =
        jobs.iter().rev().map(|job| (job.to_ascii_lowercase(), job)).collect();
    by_id.into_values().cloned().collect()
}

impl Export {
    /// The pages of the items that `is_meant` picks, in the order of these; few of many.
    fn pages_of_items(&self, is_meant: impl Fn(&Item) -> bool + Sync) -> Vec<u32> {
        self.items.par_iter().filter(|item| is_meant(item)).map(|item| item.page).collect()
    }

    /// Takes the digests of all files, side by side.
    pub(crate) fn take_digests(&self) {
        self.files.par_iter().for_each(|file| _ = file.sha256());
    }
}

/// Maps `work` over runs of `spans`, each with the position of its first, side by side, results in order.
fn in_batches(spans: &[Span], work: &(dyn Fn(usize, &[Span]) -> Batch + Sync)) -> Vec<Batch> {
    spans.par_chunks(BATCH_ITEMS).enumerate().map(|(run, spans)| work(run * BATCH_ITEMS, spans)).collect()
}

/// A problem of a file, with the page it is in.
type FileProblem = (Option<u32>, Problem);

/// Items that were read together, where they belong.
struct Run {
    page: u32,
    /// The kinds of the export, by those of the run.
    kinds: Vec<u32>,
    items: Vec<Item>,
}

/// Puts what the files hold into one index, and gives back their problems.
fn assemble(export: &mut Export, surveys: impl Iterator<Item = FileSurvey>) -> Vec<FileProblem> {
    let mut kinds = std::collections::HashMap::new();
    let mut problems = Vec::new();
    let mut runs: Vec<Run> = Vec::new();
    // Where the items of each file that may have them out of order begin and end: of several pages, or one of items that
    // stand alone, some of which may be JSON in a string, which is read behind the rest of the text.
    let mut mixed: Vec<Range<usize>> = Vec::new();
    let mut all = 0;
    for survey in surveys {
        let (file, first_page) = (export::index_of(export.files.len()), export::index_of(export.pages.len()));
        let first_item = all;
        export.files.extend(survey.file);
        export.unreadable.extend(survey.unreadable);
        export.jobs.extend(survey.jobs);
        export.snapshots.extend(survey.snapshots);
        export.restore_artifacts.extend(survey.restore_artifacts);
        export.passed_over.extend(survey.passed_over);
        problems.extend(
            survey.problems.into_iter().map(|(page, problem)| (page.map(|p| p + first_page), problem)),
        );
        let is_mixed = survey.pages.len() > 1 || survey.pages.iter().any(|page| page.page.lone_documents);
        for SurveyedPage { mut page, batches } in survey.pages {
            let number = export::index_of(export.pages.len());
            page.file = file;
            for Batch { items, kinds: of_batch, .. } in batches {
                let global = of_batch.into_iter().map(|kind| {
                    *kinds.entry(kind).or_insert_with_key(|kind: &(_, _)| {
                        export.kinds.push(kind.clone());
                        export::index_of(export.kinds.len() - 1)
                    })
                });
                let kinds = global.collect();
                all += items.len();
                runs.push(Run { page: number, kinds, items });
            }
            export.pages.push(page);
        }
        mixed.extend(is_mixed.then_some(first_item..all));
    }
    export.items = joined(&runs, all);
    for of_file in mixed {
        // Items that stand alone between pages were surveyed together; here they go back to their places.
        let of_file = &mut export.items[of_file];
        if !of_file.is_sorted_by_key(|item| item.start) {
            of_file.sort_by_key(|item| item.start);
        }
    }
    problems
}

/// The items of all runs, `all` together, one behind the other.
fn joined(runs: &[Run], all: usize) -> Vec<Item> {
    let runs: Vec<&Run> = runs.iter().filter(|run| !run.items.is_empty()).collect();
    let mut end = 0;
    let ends: Vec<usize> = runs
        .iter()
        .map(|run| {
            end += run.items.len();
            end
        })
        .collect();
    let item = |run: &mut usize, at: usize| {
        let begin = |run: usize| run.checked_sub(1).map_or(0, |before| ends[before]);
        // Most stand in the run of the one before.
        if !(begin(*run)..ends[*run]).contains(&at) {
            *run = ends.partition_point(|end| *end <= at);
        }
        let Run { page, kinds, items } = runs[*run];
        let item = items[at - begin(*run)];
        Item { page: *page, kind: kinds[item.kind as usize], ..item }
    };
    (0..all).into_par_iter().map_init(|| 0, item).collect()
}

/// Adds the problems of files, without those of pages that are left out, and those of page sets.
fn collect_problems(export: &mut Export, of_files: Vec<FileProblem>) {
    let about_sets = std::mem::take(&mut export.problems);
    let live = |page: &Option<u32>| page.is_none_or(|page| !export.pages[page as usize].left_out);
    let of_files: Vec<Problem> =
        of_files.into_iter().filter(|(page, _)| live(page)).map(|(_, problem)| problem).collect();
    let (unreadable, of_sets): (Vec<_>, Vec<_>) = about_sets
        .into_iter()
        .partition(|problem| matches!(problem.kind, ProblemKind::UnreadableFile { .. }));
    export.problems = unreadable.into_iter().chain(of_files).collect();
    export.problems.sort_by(|a, b| discover::natural(&a.place.file, &b.place.file));
    export.problems.extend(of_sets);
    export.passed_over.sort_by(|a, b| discover::natural(&a.source, &b.source).then(a.reason.cmp(&b.reason)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those in strings are read behind the rest of the text, and so are they told.
    #[test]
    fn items_that_stand_alone_are_in_the_order_of_the_text_they_are_read_from() {
        let item = |id: &str| format!(r#"{{"id":"{id}","recoveryAction":"update"}}"#);
        let string = |id: &str| serde_json::to_string(&item(id)).expect("a text");
        let lines = [string("first"), item("second"), string("third"), item("fourth")];
        let inputs = vec![Input::Stdin(lines.join("\n").into_bytes())];
        let export = survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ());
        let ids = export.items().map(|item| item.read().expect("an item").record.id.into_owned());
        assert_eq!(ids.collect::<Vec<_>>(), ["second", "fourth", "first", "third"]);
    }

    #[test]
    fn runs_of_any_length_are_joined_in_their_order() {
        let item = |number: u32| {
            let read = read_record("{}").expect("an item");
            let facts = facts::Facts::new(&read.record, 1);
            let (identity, tally) = (Identity::of(""), crate::model::Tally::default());
            Item {
                start: 0,
                length: 0,
                page: 0,
                ordinal: number,
                kind: number % 2,
                identity,
                tally,
                deleted_at: 0,
                facts,
            }
        };
        let mut first = 0;
        let runs: Vec<Run> = (0..)
            .zip([0, 1, 0, 600, 2, 0, 5000, 0])
            .map(|(page, items)| {
                let numbers = first..first + items;
                first = numbers.end;
                Run { page, kinds: vec![10 + page, 20 + page], items: numbers.map(item).collect() }
            })
            .collect();
        let told = joined(&runs, 5603);
        assert!((0..).zip(&told).all(|(number, item)| item.ordinal == number));
        for (page, run) in (0..).zip(&runs) {
            let of_page: Vec<&Item> = told.iter().filter(|item| item.page == page).collect();
            assert_eq!(of_page.len(), run.items.len());
            assert!(of_page.iter().all(|item| item.kind == 10 + page + 10 * (item.ordinal % 2)));
        }
    }
}
