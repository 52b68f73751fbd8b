//! What pages belong together: function, snapshot and job of each, and the page sets they make
//! (contract, sections 2 and 6).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Function, Instant, PageSet, Place, Problem, ProblemKind, Verdict};

use super::completeness::{Completeness, PageFacts};
use super::export::{Export, Item, Page, index_of};
use super::passed_over::{PassedOver, PassedOverReason};
use super::source_file::SourceFile;
use super::url;

/// Finds out function, snapshot and job of every page, and leaves out those of jobs not asked for.
pub(super) fn pages(export: &mut Export, root_name: &str, jobs: &[String]) {
    let labels: Vec<String> = export.files.iter().map(|file| file.label.clone()).collect();
    let mut with_message = vec![false; export.pages.len()];
    for page in export.pages_of_items(|item| item.facts.has_failure_message()) {
        with_message[page as usize] = true;
    }
    for (page, &with_message) in export.pages.iter_mut().zip(&with_message) {
        let by_message = with_message.then_some(Function::GetFailedChanges);
        let told = Told::by_request(page);
        let by_path = || url::function_of_path(&labels[page.file as usize], root_name);
        // The keys around a page that lies in something else.
        let by_key = || url::function_of_path(&page.pointer, "");
        page.function = told.function.or(by_message).or_else(by_key).or_else(by_path);
        (page.snapshot_id, page.job_id) = (told.snapshot_id, told.job_id);
    }
    let folders: Vec<&str> =
        export.pages.iter().map(|page| export.files[page.file as usize].folder()).collect();
    take_from_folder(&mut export.pages, &folders, |_| (), |page| &mut page.function);
    for page in &mut export.pages {
        page.function.get_or_insert(Function::Unknown);
    }
    take_from_folder(&mut export.pages, &folders, |page| page.function, |page| &mut page.snapshot_id);
    take_from_folder(
        &mut export.pages,
        &folders,
        |page| (page.function, page.snapshot_id.clone()),
        |page| &mut page.job_id,
    );
    if !jobs.is_empty() {
        leave_out_other_jobs(export, jobs);
    }
}

/// What URLs tell of a page.
struct Told {
    function: Option<Function>,
    snapshot_id: Option<String>,
    job_id: Option<String>,
}

impl Told {
    fn by<'u>(urls: &(impl Iterator<Item = &'u str> + Clone)) -> Self {
        Told {
            function: url::function(urls),
            snapshot_id: urls.clone().find_map(url::snapshot_id),
            job_id: urls.clone().find_map(url::job_id),
        }
    }

    /// What a page's own URLs tell and, where they say nothing, its request's. A request for another function is not the
    /// page's: what is known of its transfer is forgotten. Ids may differ, as they do in what the service publishes
    /// (docs/service.md).
    fn by_request(page: &mut Page) -> Self {
        let own = Told::by(&page.own_urls());
        let asked = Told::by(&page.request_url().into_iter());
        if own.function.zip(asked.function).is_some_and(|(own, asked)| own != asked) {
            page.transfer = None;
            return own;
        }
        Told {
            function: own.function.or(asked.function),
            snapshot_id: own.snapshot_id.or(asked.snapshot_id),
            job_id: own.job_id.or(asked.job_id),
        }
    }
}

/// Where a page lacks a fact, takes it from the other pages of its folder with the same `key`, where all
/// that have it agree.
fn take_from_folder<K: Ord, T: Ord + Clone>(
    pages: &mut [Page],
    folders: &[&str],
    key: impl Fn(&Page) -> K,
    fact: impl Fn(&mut Page) -> &mut Option<T>,
) {
    let mut known: BTreeMap<(&str, K), BTreeSet<T>> = BTreeMap::new();
    for (page, folder) in pages.iter_mut().zip(folders) {
        let facts = known.entry((folder, key(page))).or_default();
        facts.extend(fact(page).clone());
    }
    for (page, folder) in pages.iter_mut().zip(folders) {
        let facts = known.get(&(*folder, key(page)));
        if let (None, Some(facts)) = (fact(page).as_ref(), facts)
            && facts.len() == 1
        {
            *fact(page) = facts.first().cloned();
        }
    }
}

fn leave_out_other_jobs(export: &mut Export, jobs: &[String]) {
    let wanted = |id: &str| jobs.iter().any(|job| job.eq_ignore_ascii_case(id));
    let mut others = BTreeSet::new();
    for page in &mut export.pages {
        if !page.job_id.as_deref().is_some_and(wanted) {
            page.left_out = true;
            others.insert(page.file);
        }
    }
    for item in &mut export.items {
        if export.pages[item.page as usize].left_out {
            item.facts.leave_out();
        }
    }
    for file in others {
        let source = export.files[file as usize].label.clone();
        export.passed_over.push(PassedOver { source, reason: PassedOverReason::OtherJob });
    }
}

/// What makes pages one set; where no job is known, also their folder.
type SetKey<'p> = (Option<Function>, Option<&'p str>, Option<&'p str>, Option<&'p str>);

/// Tells every page its page set, in order of function and first page.
pub(super) fn put_into_sets(export: &mut Export) {
    let Export { pages, files, .. } = export;
    let mut members: Vec<(Option<Function>, Vec<u32>)> = Vec::new();
    let mut positions: HashMap<SetKey<'_>, usize> = HashMap::new();
    for (number, page) in pages.iter().enumerate().filter(|(_, page)| !page.left_out) {
        let job = page.job_id.as_deref();
        let folder = job.is_none().then(|| files[page.file as usize].folder());
        let key = (page.function, page.snapshot_id.as_deref(), job, folder);
        let position = *positions.entry(key).or_insert_with(|| {
            members.push((page.function, Vec::new()));
            members.len() - 1
        });
        members[position].1.push(index_of(number));
    }
    members.sort_by_key(|(function, _)| *function);
    for (set, (_, numbers)) in members.iter().enumerate() {
        for &number in numbers {
            pages[number as usize].set = index_of(set);
        }
    }
}

/// Makes the page sets, once duplicates are left out, and the problems that come with them.
pub(super) fn page_sets(export: &mut Export) {
    let of_left_out = export.pages_of_items(|item| item.facts.is_left_out());
    let Export { pages, files, .. } = export;
    let live = || pages.iter().filter(|page| !page.left_out);
    let mut members: Vec<Vec<&Page>> =
        vec![Vec::new(); live().map(|page| page.set as usize + 1).max().unwrap_or(0)];
    for page in live() {
        members[page.set as usize].push(page);
    }
    let repeated = fetched_again(pages, &of_left_out, members.len());
    let set = |(pages, &repeated): (&Vec<&Page>, &u64)| {
        let first = pages.first()?;
        let facts: Vec<PageFacts<'_>> = pages.iter().map(|page| facts(page)).collect();
        let completeness = Completeness::of(&facts, repeated);
        Some(PageSet {
            function: first.function.unwrap_or(Function::Unknown),
            snapshot_id: first.snapshot_id.clone(),
            snapshot_date_time: first.snapshot_id.as_deref().and_then(url::snapshot_date_time),
            job_id: first.job_id.clone(),
            first_source: files[first.file as usize].label.clone(),
            pages: pages.len() as u64,
            items: facts.iter().map(|page| page.items).sum(),
            read_at: read_at(pages.iter().copied()),
            link_elsewhere: link_elsewhere(pages, files),
            versions: versions(pages),
            basis: completeness.basis(),
            checks: completeness.checks(),
        })
    };
    export.page_sets = members.iter().zip(&repeated).filter_map(set).collect();
    tell_verdicts(export);
    tell_several_jobs(export);
}

/// How many items of each set stand in pages that hold nothing but items of earlier pages: such a page was fetched
/// again. One item alone may be the service's own repetition. `of_left_out` are the pages of items that are left out.
fn fetched_again(pages: &[Page], of_left_out: &[u32], sets: usize) -> Vec<u64> {
    let mut left_out = vec![0; pages.len()];
    for &page in of_left_out {
        left_out[page as usize] += 1;
    }
    let mut repeated = vec![0; sets];
    for (page, left_out) in pages.iter().zip(left_out) {
        if !page.left_out && left_out > 1 && left_out == page.elements {
            repeated[page.set as usize] += left_out;
        }
    }
    repeated
}

/// When the first of some pages was fetched, as its time is written.
fn read_at<'p>(pages: impl Iterator<Item = &'p Page>) -> Option<String> {
    let dates = pages.filter_map(|page| page.transfer.as_ref()?.date.as_deref());
    dates.filter_map(|date| Some((Instant::parse(date)?, date))).min().map(|(_, date)| date.to_owned())
}

/// The first page whose nextLink leads to another host than its context names: its file, and that host.
fn link_elsewhere(pages: &[&Page], files: &[SourceFile]) -> Option<(String, String)> {
    pages.iter().find_map(|page| {
        let own = url::host(page.context.as_deref()?);
        let next = url::host(page.next_link.as_deref()?);
        let is_elsewhere = !own.is_empty() && !next.is_empty() && !own.eq_ignore_ascii_case(next);
        is_elsewhere.then(|| (files[page.file as usize].label.clone(), next.to_owned()))
    })
}

/// The versions of the API that the contexts of some pages name.
fn versions(pages: &[&Page]) -> Vec<&'static str> {
    let named = |version: &&str| {
        let path = format!("/{version}/");
        pages
            .iter()
            .filter_map(|page| page.context.as_deref())
            .any(|context| context.split(['?', '#']).next().is_some_and(|url| url.contains(&path)))
    };
    ["v1.0", "beta"].into_iter().filter(named).collect()
}

fn facts(page: &Page) -> PageFacts<'_> {
    PageFacts {
        enveloped: page.enveloped,
        cut: page.cut,
        next_link: page.next_link.as_deref(),
        count: page.count,
        request_url: page.request_url(),
        more_requests: &page.more_requests,
        items: page.elements,
    }
}

fn tell_verdicts(export: &mut Export) {
    for set in &export.page_sets {
        let basis = set.basis.clone();
        let kind = match set.verdict() {
            Verdict::Incomplete => ProblemKind::Incomplete(basis),
            Verdict::Suspicious => ProblemKind::Suspicious(basis),
            Verdict::Unverifiable => ProblemKind::Unverifiable,
            Verdict::Complete | Verdict::NoGapFound => continue,
        };
        export.problems.push(Problem::of_file(kind, &set.first_source));
    }
}

/// Tells of the items that stand behind `unknownFutureValue`, once duplicates are left out.
pub(super) fn tell_unknown_future_values(export: &mut Export) {
    let mut hidden: BTreeMap<u32, u64> = BTreeMap::new();
    let is_hidden = |item: &Item| item.facts.has_unknown_future_value() && !item.facts.is_left_out();
    for page in export.pages_of_items(is_hidden) {
        *hidden.entry(export.pages[page as usize].set).or_default() += 1;
    }
    for (set, items) in hidden {
        let file = &export.page_sets[set as usize].first_source;
        export.problems.push(Problem::of_file(ProblemKind::UnknownFutureValue { items }, file));
    }
}

fn tell_several_jobs(export: &mut Export) {
    for function in [Function::GetChanges, Function::GetFailedChanges] {
        let sets = || export.page_sets.iter().filter(move |set| set.function == function);
        let jobs: BTreeSet<String> = sets().filter_map(|set| set.job_id.clone()).collect();
        if jobs.len() > 1 {
            let file = sets().next().map(|set| set.first_source.clone()).unwrap_or_default();
            let kind = ProblemKind::SeveralJobs { function, jobs: jobs.into_iter().collect() };
            export.problems.push(Problem { kind, place: Place::file(&file) });
        }
    }
}
