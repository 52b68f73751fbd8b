//! The same page or the same change saved twice counts once, and is told (contract, section 4).
//!
//! Candidates are brought together by sorting, so that no input makes this a comparison of each with each,
//! and are then compared as text, so that no digest decides what is left out.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::model::{Problem, ProblemKind};

use super::export::{Export, Page};
use super::identity::Identity;
use super::skip::skip_blank;

/// Leaves out every page that is byte for byte an earlier one of the same function, snapshot, job and folder. (The job
/// may be known from the request alone.)
pub(super) fn leave_out_pages(export: &mut Export) {
    let Export { pages, files, problems, .. } = export;
    let folder = |page: &Page| files[page.file as usize].folder();
    let text = |page: &Page| &files[page.file as usize].text[page.start..page.end];
    let same = |a: &Page, b: &Page| {
        (a.function, &a.snapshot_id, &a.job_id, folder(a), a.end - a.start)
            .cmp(&(b.function, &b.snapshot_id, &b.job_id, folder(b), b.end - b.start))
            .then_with(|| text(a).cmp(text(b)))
    };
    let mut order: Vec<usize> =
        (0..pages.len()).filter(|&number| !pages[number].left_out && !pages[number].lone_documents).collect();
    order.sort_by(|&a, &b| same(&pages[a], &pages[b]).then(a.cmp(&b)));
    let mut duplicates: Vec<(usize, usize)> = order
        .chunk_by(|&a, &b| same(&pages[a], &pages[b]) == Ordering::Equal)
        .flat_map(|run| run[1..].iter().map(|&later| (later, run[0])))
        .collect();
    duplicates.sort_unstable();
    for (later, first) in duplicates {
        let place = |page: &Page| page.place(&files[page.file as usize]);
        let kind = ProblemKind::DuplicatePage { of: place(&pages[first]).source() };
        problems.push(Problem { kind, place: place(&pages[later]) });
        pages[later].left_out = true;
        let request = pages[later].request_url().map(str::to_owned);
        pages[first].more_requests.extend(request);
    }
    if pages.iter().any(|page| page.left_out) {
        for item in &mut export.items {
            if pages[item.page as usize].left_out {
                item.facts.leave_out();
            }
        }
    }
}

/// What brings items together that may be the same: a mark of page set, identity and group, and the position in input
/// order. Half the size of these themselves, of which there may be millions.
pub(super) type SortKey = (u64, u32);

/// What items share that may be the same.
fn shared(export: &Export, index: u32) -> (u32, Identity, u32) {
    let item = &export.items[index as usize];
    (export.pages[item.page as usize].set, item.identity, item.kind)
}

/// The key of the item at `index`.
pub(super) fn sort_key(export: &Export, index: u32) -> SortKey {
    let (set, identity, kind) = shared(export, index);
    (identity.mark() ^ u64::from(set) << 40 ^ u64::from(kind), index)
}

/// Leaves out every item whose text, white space and comments aside, is that of an earlier item of its page
/// set, and gives back the problems that tell of it. `sorted` are the keys of all items in their order.
pub(super) fn leave_out_items(export: &mut Export, sorted: &[SortKey]) -> Vec<Problem> {
    const SOURCES_TOLD: usize = 10;
    let mut duplicates = Vec::new();
    for run in sorted.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        // Others may have the same mark, and some are left out already, with their page.
        let is_live = |index: &u32| !export.items[*index as usize].facts.is_left_out();
        let mut run: Vec<u32> = run.iter().map(|key| key.1).filter(is_live).collect();
        let whole = |index: u32| (shared(export, index), significant(export.item(index).text()));
        run.sort_by(|&a, &b| {
            let ((of_a, a_text), (of_b, b_text)) = (whole(a), whole(b));
            of_a.cmp(&of_b).then_with(|| a_text.cmp(b_text)).then(a.cmp(&b))
        });
        let same = |&a: &u32, &b: &u32| {
            let ((of_a, a_text), (of_b, b_text)) = (whole(a), whole(b));
            of_a == of_b && a_text.eq(b_text)
        };
        for same in run.chunk_by(same) {
            duplicates.extend(&same[1..]);
        }
    }
    duplicates.sort_unstable();
    let mut by_set: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &index in &duplicates {
        export.items[index as usize].facts.leave_out();
        by_set.entry(export.item(index).set_index()).or_default().push(index);
    }
    let problem = |indexes: Vec<u32>| {
        let sources = indexes.iter().take(SOURCES_TOLD).map(|&index| export.item(index).source()).collect();
        let kind = ProblemKind::DuplicateChange { items: indexes.len() as u64, sources };
        let file = export.files[export.pages[export.items[indexes[0] as usize].page as usize].file as usize]
            .label
            .clone();
        Problem::of_file(kind, &file)
    };
    by_set.into_values().map(problem).collect()
}

/// The bytes of a JSON text that mean something: all but white space and comments outside strings.
fn significant(text: &str) -> impl Iterator<Item = u8> {
    let bytes = text.as_bytes();
    let (mut at, mut in_string, mut escaped) = (0, false, false);
    std::iter::from_fn(move || {
        if !in_string {
            at = skip_blank(text, at).unwrap_or(bytes.len());
        }
        let byte = *bytes.get(at)?;
        at += 1;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
        Some(byte)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_and_comments_outside_strings_mean_nothing() {
        let text = |text| String::from_utf8(significant(text).collect()).expect("UTF-8");
        assert_eq!(text("{ \"a b\\\" c\" :\t1, // x\n \"d\":/* \" */ [] }"), r#"{"a b\" c":1,"d":[]}"#);
        assert_ne!(text(r#"{"a":" x"}"#), text(r#"{"a":"x"}"#));
    }
}
