//! The changes as data for the page's script: blocks of columns that share one list of texts, compressed, in base64 in
//! elements that a browser does not run (docs/page-data.md).
//!
//! A block is made of the objects of one chunk and knows nothing of the others, so that blocks are made side by side;
//! the script brings their texts together. Base64 has no character that means anything to HTML.

use std::collections::HashMap;
use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::model::{FailureCategory, Json, ObjectChange, Row, RowKind, SinceBackup};
use crate::report::{ObjectView, Report, wording};

/// How many objects a page has for its script at most: with so many it opens in a few seconds (docs/performance.md).
const MOST_OBJECTS: usize = 210_000;

/// How many bytes of blocks a page takes, the last of them left out.
pub(in super::super) const MOST_BYTES: usize = 48 << 20;

/// How many bytes of a value are in a page, and of both sides of an item as they were received.
const LONGEST_VALUE: usize = 16 << 10;
const LONGEST_SIDES: usize = 64 << 10;

/// How much a block is compressed: more takes twice the time for 2 % less (measured).
const LEVEL: u32 = 6;

/// Which objects a page has for its script: all, or where there are too many, all of the small groups and of the large
/// ones the first, as many of each, so that no policy is missing for a million users.
pub(in super::super) struct Explored {
    /// How many of a group.
    share: usize,
    /// Where each group begins.
    starts: Vec<usize>,
}

impl Explored {
    pub(in super::super) fn of(report: &Report<'_>) -> Self {
        let starts = report.groups().iter().map(|group| group.positions.start).collect();
        let sizes = report.groups().iter().map(|group| group.positions.len()).collect();
        Explored { share: share(sizes, MOST_OBJECTS), starts }
    }

    pub(in super::super) fn has(&self, position: usize) -> bool {
        let group = self.starts.partition_point(|start| *start <= position);
        group.checked_sub(1).is_some_and(|group| position - self.starts[group] < self.share)
    }
}

/// How many of each of these may be taken, so that no more than `most` are.
fn share(mut sizes: Vec<usize>, most: usize) -> usize {
    sizes.sort_unstable();
    let mut left = most;
    for (taken, size) in sizes.iter().enumerate() {
        let others = sizes.len() - taken;
        if size * others > left {
            return left / others;
        }
        left -= size;
    }
    usize::MAX
}

/// Objects as they are put into a block.
#[derive(Default)]
pub(in super::super) struct Columns {
    runs: Vec<(usize, usize)>,
    texts: Texts,
    objects: Objects,
    rows: Rows,
    sides: Vec<[Option<String>; 2]>,
}

/// A block as the script reads it.
#[derive(Serialize)]
struct Block<'b> {
    /// Which objects of the report they are: runs of positions, each by its first and how many.
    runs: &'b [(usize, usize)],
    texts: &'b [String],
    objects: &'b Objects,
    rows: &'b Rows,
}

/// A column for each fact of an object; a text is its position among the texts of the block, 0 the empty one.
#[derive(Default, Serialize)]
struct Objects {
    function: Vec<u32>,
    action: Vec<u32>,
    entity_type: Vec<u32>,
    id: Vec<u32>,
    name: Vec<u32>,
    since: Vec<u32>,
    outcome: Vec<u32>,
    category: Vec<u32>,
    message: Vec<u32>,
    reason: Vec<u32>,
    snapshot: Vec<u32>,
    job: Vec<u32>,
    /// Where the item stands, up to the digits at its end, and these; -1 where it has none.
    place: Vec<u32>,
    number: Vec<i64>,
    /// 1 for an object that is synchronised from on-premises.
    synced: Vec<u8>,
    unchanged: Vec<u64>,
    /// How many rows it has.
    rows: Vec<u32>,
}

/// A column for each fact of a row.
#[derive(Default, Serialize)]
struct Rows {
    /// 0 a property, 1 a link.
    kind: Vec<u8>,
    property: Vec<u32>,
    since: Vec<u8>,
    /// The sides as compact JSON; 0 where there is no value.
    backup: Vec<u32>,
    current: Vec<u32>,
    note: Vec<u32>,
    /// Of rows that compare collections: the row, and the items that were added and removed.
    items: Vec<(usize, u32, u32)>,
}

/// The texts of a block, each once.
struct Texts {
    all: Vec<String>,
    places: HashMap<String, u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Texts { all: vec![String::new()], places: HashMap::from([(String::new(), 0)]) }
    }
}

impl Texts {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    /// A value as compact JSON, or where it is very long its beginning behind a mark that no JSON begins with.
    fn value(&mut self, value: Option<&Json<'_>>) -> u32 {
        value.map_or(0, |value| self.long(&value.to_compact()))
    }

    fn long(&mut self, text: &str) -> u32 {
        if text.len() <= LONGEST_VALUE {
            return self.place(text);
        }
        let end = (0..=LONGEST_VALUE).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        self.place(&format!("{CUT}{}", &text[..end]))
    }
}

/// What stands before a text that is cut.
const CUT: char = '\u{1}';

impl Columns {
    /// Adds the object at `position` of the report's order.
    pub(in super::super) fn push(&mut self, position: usize, view: &ObjectView<'_>) {
        let change = &view.change;
        match self.runs.last_mut() {
            Some((first, count)) if *first + *count == position => *count += 1,
            _ => self.runs.push((position, 1)),
        }
        let texts = &mut self.texts;
        let objects = &mut self.objects;
        objects.function.push(texts.place(change.function.as_str()));
        objects.action.push(texts.place(change.recovery_action.as_str().unwrap_or_default()));
        objects.entity_type.push(texts.long(change.entity_type.as_str()));
        objects.id.push(texts.long(&change.id));
        objects.name.push(texts.long(change.display_name.as_deref().unwrap_or_default()));
        objects.since.push(texts.place(change.since_backup.as_str()));
        objects.outcome.push(texts.place(change.outcome.as_str()));
        objects.category.push(texts.place(change.failure_category.map_or("", FailureCategory::as_str)));
        let message = change.failure_message.as_ref().map(Json::to_text);
        objects.message.push(message.map_or(0, |message| texts.long(&message)));
        objects.reason.push(texts.long(change.removed_reason.as_deref().unwrap_or_default()));
        objects.snapshot.push(texts.place(change.snapshot_date_time.unwrap_or_default()));
        objects.job.push(texts.place(change.job_id.unwrap_or_default()));
        let (place, number) = numbered(&change.source);
        objects.place.push(texts.place(place));
        objects.number.push(number);
        objects.synced.push(change.on_premises_synced.into());
        objects.unchanged.push(change.unchanged);
        objects.rows.push(u32::try_from(change.changes.len()).unwrap_or(u32::MAX));
        self.rows(change);
        self.sides.push(short(view.sides()));
    }

    fn rows(&mut self, change: &ObjectChange<'_>) {
        let (texts, rows) = (&mut self.texts, &mut self.rows);
        for row in &change.changes {
            let Row { kind, property, since_backup, current, backup, items, note, .. } = row;
            if let Some(items) = items {
                let [added, removed] =
                    [&items.added, &items.removed].map(|items| Json::Array(items.clone()).to_compact());
                rows.items.push((rows.kind.len(), texts.long(&added), texts.long(&removed)));
            }
            rows.kind.push((*kind == RowKind::Link).into());
            rows.property.push(texts.long(property));
            rows.since.push(match since_backup {
                SinceBackup::Added => 0,
                SinceBackup::Removed => 1,
                SinceBackup::Modified => 2,
                SinceBackup::Unknown => 3,
            });
            rows.backup.push(texts.value(backup.as_ref()));
            rows.current.push(texts.value(current.as_ref()));
            rows.note.push(texts.place(note.map_or("", |note| note.as_str())));
        }
    }

    /// The block of these objects, and the one of their sides as received, and how many they are; nothing where there
    /// are none.
    pub(in super::super) fn into_bytes(self) -> (Vec<u8>, u64) {
        if self.sides.is_empty() {
            return (Vec::new(), 0);
        }
        let Columns { runs, texts, objects, rows, sides } = self;
        let mut out = Vec::new();
        element("d", &Block { runs: &runs, texts: &texts.all, objects: &objects, rows: &rows }, &mut out);
        element("s", &sides, &mut out);
        (out, sides.len() as u64)
    }
}

/// Appends an element with a value in it that a browser does not run.
fn element(class: &str, value: &impl Serialize, out: &mut Vec<u8>) {
    const INFALLIBLE: &str = "writing to memory cannot fail, and these values are JSON";
    let mut packed = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
    serde_json::to_writer(&mut packed, value).expect(INFALLIBLE);
    let packed = packed.finish().expect(INFALLIBLE);
    write!(out, "\n<script type=\"application/octet-stream\" class=\"{class}\">").expect(INFALLIBLE);
    out.extend_from_slice(BASE64_STANDARD.encode(packed).as_bytes());
    out.extend_from_slice(b"</script>");
}

/// A text without the digits at its end, and these as a number.
fn numbered(text: &str) -> (&str, i64) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count().min(9);
    let (front, end) = text.split_at(text.len() - digits);
    // What begins with a zero would not come back as it was.
    match end.parse() {
        Ok(number) if !end.starts_with('0') || end == "0" => (front, number),
        _ => (text, -1),
    }
}

/// The sides, unless they are very long together: then a word in their place.
fn short(sides: [Option<String>; 2]) -> [Option<String>; 2] {
    let length = sides.iter().flatten().map(String::len).sum::<usize>();
    if length <= LONGEST_SIDES { sides } else { sides.map(|side| side.map(|_| wording::TOO_LONG.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_parts() {
        for text in ["a.json#/value/12", "a#/0", "a#/01", "a#/123456789012", "", "7"] {
            let (front, number) = numbered(text);
            let back = if number < 0 { front.to_owned() } else { format!("{front}{number}") };
            assert_eq!(back, text);
        }
    }

    #[test]
    fn small_groups_are_whole_and_large_ones_share_what_is_left() {
        assert_eq!(share(vec![3, 5, 2], 10), usize::MAX);
        assert_eq!(share(vec![3, 500, 2, 400], 25), 10, "3 and 2 are whole, and 10 of each of the others");
        assert_eq!(share(vec![7, 7], 1), 0);
        assert_eq!(share(vec![], 5), usize::MAX);
        let explored = Explored { share: 2, starts: vec![0, 3, 4] };
        let has: Vec<bool> = (0..7).map(|position| explored.has(position)).collect();
        assert_eq!(has, [true, true, false, true, true, true, false]);
    }

    #[test]
    fn texts_stand_once_and_long_ones_are_cut_and_marked() {
        let mut texts = Texts::default();
        assert_eq!([texts.place(""), texts.place("a"), texts.place("a"), texts.place("b")], [0, 1, 1, 2]);
        let long = texts.long(&"é".repeat(LONGEST_VALUE));
        let cut = &texts.all[long as usize];
        assert!(cut.starts_with(CUT) && cut.len() == LONGEST_VALUE + 1, "{}", cut.len());
    }
}
