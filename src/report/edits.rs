//! Which properties changed on how many objects, and which edits are the same on several.
//!
//! The view over all rows that no index keeps: counted while objects pass by, in the report's order. Of a
//! property its path without keys of elements is kept, of an edit 16 bytes of a digest and where it first stood; what
//! is shown is read again and held against that digest. Both are limited in number, and what is not followed is
//! counted as that.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::model::{Digester, Function, Note, ObjectChange, Row, RowKind};

use super::Report;

/// How many properties are counted by themselves: the service's objects have some hundreds.
const MOST_PROPERTIES: usize = 20_000;

/// How long their paths are together, in bytes.
const MOST_PATH_BYTES: usize = 16 << 20;

/// How many different edits are followed: 28 bytes each, in a table that is never more than seven eighths full.
const MOST_EDITS: usize = 450_000;

/// How many identical edits are listed.
const LISTED_EDITS: usize = 5_000;

/// How many properties and edits are kept and listed.
#[derive(Debug, Clone, Copy)]
struct Room {
    properties: usize,
    path_bytes: usize,
    edits: usize,
    listed: usize,
}

impl Default for Room {
    fn default() -> Self {
        let (properties, edits) = (MOST_PROPERTIES, MOST_EDITS);
        Room { properties, path_bytes: MOST_PATH_BYTES, edits, listed: LISTED_EDITS }
    }
}

/// Sixteen bytes that stand for an edit: half of a SHA-256, so that nobody can make two edits look like one.
type Fingerprint = [u8; 16];

/// The path of a property without what names an element of a collection: `members[id=1].x` is `members[].x`. Keys in
/// quotes stay.
#[must_use]
pub fn without_keys(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return Cow::Borrowed(path);
    }
    let mut folded = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(start) = rest.find('[') {
        folded.push_str(&rest[..start]);
        rest = &rest[start..];
        // A path of ours closes every bracket.
        let Some(end) = end_of_brackets(rest) else { break };
        folded.push_str(if rest.starts_with("[\"") { &rest[..end] } else { "[]" });
        rest = &rest[end..];
    }
    folded.push_str(rest);
    Cow::Owned(folded)
}

/// Where the brackets that `text` begins with are closed, outside of quotes.
fn end_of_brackets(text: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// How often a property changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    objects: u64,
    rows: u64,
    /// The object it was last counted on.
    last: Option<u32>,
}

/// The properties of one function and type, by kind and path.
type Paths = BTreeMap<(RowKind, String), Count>;

/// The rows of some objects, one behind the other, counted beside those of others.
#[derive(Debug, Default)]
pub struct Edits {
    properties: BTreeMap<(Function, String), Paths>,
    /// What can be compared: each edit, and the object that it is of.
    comparable: Vec<(Fingerprint, u32)>,
    /// Texts that are digested.
    text: Vec<u8>,
}

impl Edits {
    /// Counts the rows of the object at `position` of the report's order.
    ///
    /// # Panics
    /// Where that is more than an export can hold.
    pub fn push(&mut self, position: usize, change: &ObjectChange<'_>) {
        if change.changes.is_empty() {
            return;
        }
        let key = (change.function, change.entity_type.as_str().to_owned());
        let paths = self.properties.entry(key).or_default();
        let position = u32::try_from(position).expect("an export has fewer items");
        for row in &change.changes {
            let path = without_keys(&row.property).into_owned();
            let count = paths.entry((row.kind, path)).or_default();
            count.rows += 1;
            count.objects += u64::from(count.last != Some(position));
            count.last = Some(position);
            if is_comparable(row) {
                self.comparable.push((digest_of(change, row, &mut self.text), position));
            }
        }
    }
}

/// Whether two such rows with the same values are the same edit: of masked and of lost values nobody can say it.
fn is_comparable(row: &Row<'_>) -> bool {
    !matches!(row.note, Some(Note::Redacted | Note::LostEvidence))
}

fn digest_of(change: &ObjectChange<'_>, row: &Row<'_>, text: &mut Vec<u8>) -> Fingerprint {
    let mut digest = Digester::default();
    let mut add = |part: &[u8]| {
        digest.update(&(part.len() as u64).to_le_bytes());
        digest.update(part);
    };
    let words = [
        change.function.as_str(),
        change.entity_type.as_str(),
        row.kind.as_str(),
        &row.property,
        row.since_backup.as_str(),
    ];
    for word in words {
        add(word.as_bytes());
    }
    for side in [&row.backup, &row.current] {
        text.clear();
        if let Some(value) = side {
            value.write_to(text);
        }
        add(text);
    }
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(&digest.finish().bytes()[..16]);
    fingerprint
}

/// An edit that is followed: on how many objects it was so far, and on which first and last.
#[derive(Debug, Clone, Copy)]
struct Followed {
    objects: u32,
    first: u32,
    last: u32,
}

/// The rows of all objects so far.
#[derive(Debug, Default)]
pub struct EditCounts {
    properties: BTreeMap<(Function, String), Paths>,
    /// How many properties these are, and how long their paths.
    kept: usize,
    path_bytes: usize,
    /// Rows of properties that are not kept.
    other_rows: u64,
    /// Never gone through in its own order.
    edits: HashMap<Fingerprint, Followed>,
    not_followed: u64,
    room: Room,
}

impl EditCounts {
    /// For a report of so many rows: room that is taken as it is needed, and never moved.
    #[must_use]
    pub fn of(rows: u64) -> Self {
        let room = Room::default();
        let edits =
            HashMap::with_capacity(usize::try_from(rows).map_or(room.edits, |rows| rows.min(room.edits)));
        EditCounts { edits, room, ..EditCounts::default() }
    }

    /// Adds what was counted of the objects behind those that are in it.
    pub fn add(&mut self, edits: &Edits) {
        for ((function, entity_type), paths) in &edits.properties {
            for (path, count) in paths {
                self.add_property(*function, entity_type, path, *count);
            }
        }
        for &(fingerprint, position) in &edits.comparable {
            self.follow(fingerprint, position);
        }
    }

    fn add_property(
        &mut self,
        function: Function,
        entity_type: &str,
        path: &(RowKind, String),
        count: Count,
    ) {
        let known = self.properties.get_mut(&(function, entity_type.to_owned()));
        if let Some(sum) = known.and_then(|paths| paths.get_mut(path)) {
            sum.objects += count.objects;
            sum.rows += count.rows;
            return;
        }
        let bytes = path.1.len() + entity_type.len();
        if self.kept >= self.room.properties || self.path_bytes + bytes > self.room.path_bytes {
            self.other_rows += count.rows;
            return;
        }
        self.kept += 1;
        self.path_bytes += bytes;
        let paths = self.properties.entry((function, entity_type.to_owned())).or_default();
        paths.insert(path.clone(), count);
    }

    fn follow(&mut self, fingerprint: Fingerprint, position: u32) {
        if let Some(edit) = self.edits.get_mut(&fingerprint) {
            edit.objects += u32::from(edit.last != position);
            edit.last = position;
        } else if self.edits.len() < self.room.edits {
            self.edits.insert(fingerprint, Followed { objects: 1, first: position, last: position });
        } else {
            self.not_followed += 1;
        }
    }

    /// Everything that was counted, ordered: by function, and in it the properties of most objects first, then by
    /// type, kind and path; below each its identical edits, those of most objects first. `show` is given the object
    /// an edit was first seen on and the position of its row.
    ///
    /// # Panics
    /// Where the report is another than the one whose objects were counted.
    pub fn table<T>(
        self,
        report: &Report<'_>,
        mut show: impl FnMut(&ObjectChange<'_>, usize) -> T,
    ) -> PropertyTable<T> {
        let (mut chosen, mut other_edits) = self.most();
        let mut lines = self.lines();
        // Read in the report's order, each object once.
        chosen.sort_unstable_by_key(|(fingerprint, edit)| (edit.first, *fingerprint));
        let mut text = Vec::new();
        for of_object in chosen.chunk_by(|(_, one), (_, other)| one.first == other.first) {
            let object = report.object(of_object[0].1.first as usize).change;
            let mut seen = vec![false; of_object.len()];
            for (position, row) in object.changes.iter().enumerate().filter(|(_, row)| is_comparable(row)) {
                let digest = digest_of(&object, row, &mut text);
                let Ok(found) = of_object.binary_search_by_key(&digest, |(digest, _)| *digest) else {
                    continue;
                };
                if std::mem::replace(&mut seen[found], true) {
                    continue;
                }
                let objects = of_object[found].1.objects.into();
                match line_of(&mut lines, &object, row) {
                    Some(line) => line.edits.push(IdenticalEdit { objects, shown: show(&object, position) }),
                    None => other_edits += 1,
                }
            }
            assert!(seen.into_iter().all(|seen| seen), "the walk read the same rows");
        }
        for line in &mut lines {
            // A stable sort: those of as many objects stay in the report's order.
            line.edits.sort_by_key(|edit| std::cmp::Reverse(edit.objects));
        }
        lines.sort_by(|a, b| {
            let key = |line: &PropertyLine<T>| (line.function, std::cmp::Reverse(line.objects));
            key(a).cmp(&key(b)).then_with(|| a.place().cmp(&b.place()))
        });
        PropertyTable { lines, other_rows: self.other_rows, other_edits, not_followed: self.not_followed }
    }

    /// The identical edits of most objects, and how many others there are.
    fn most(&self) -> (Vec<(Fingerprint, Followed)>, u64) {
        // Sorted below by a key that is unique.
        let identical = self.edits.iter().filter(|(_, edit)| edit.objects > 1);
        let mut identical: Vec<_> = identical.map(|(fingerprint, edit)| (*fingerprint, *edit)).collect();
        identical.sort_unstable_by_key(|(fingerprint, edit)| {
            (std::cmp::Reverse(edit.objects), edit.first, *fingerprint)
        });
        let others = identical.len().saturating_sub(self.room.listed);
        identical.truncate(self.room.listed);
        (identical, others as u64)
    }

    /// A line for each property, by function, type, kind and path.
    fn lines<T>(&self) -> Vec<PropertyLine<T>> {
        let of_paths = self.properties.iter().flat_map(|((function, entity_type), paths)| {
            paths.iter().map(move |((kind, property), count)| PropertyLine {
                function: *function,
                entity_type: entity_type.clone(),
                kind: *kind,
                property: property.clone(),
                objects: count.objects,
                rows: count.rows,
                edits: Vec::new(),
            })
        });
        of_paths.collect()
    }
}

/// The line of a row among lines in the order of their places.
fn line_of<'l, T>(
    lines: &'l mut [PropertyLine<T>],
    object: &ObjectChange<'_>,
    row: &Row<'_>,
) -> Option<&'l mut PropertyLine<T>> {
    let path = without_keys(&row.property);
    let place = (object.function, object.entity_type.as_str(), row.kind, path.as_ref());
    let found = lines.binary_search_by(|line| line.place().cmp(&place)).ok()?;
    Some(&mut lines[found])
}

/// Properties by how many objects they changed on.
#[derive(Debug)]
pub struct PropertyTable<T> {
    /// The properties.
    pub lines: Vec<PropertyLine<T>>,
    /// Rows of properties beyond the limit, which have no line.
    pub other_rows: u64,
    /// Identical edits that are not listed: those of least objects, and those of properties that have no line.
    pub other_edits: u64,
    /// Rows that were not compared with others, since there were too many different edits before them.
    pub not_followed: u64,
}

/// A property of one function and type, its paths with keys taken together.
#[derive(Debug)]
pub struct PropertyLine<T> {
    /// Function of the pages.
    pub function: Function,
    /// The type, as the contract writes it.
    pub entity_type: String,
    /// Property or link.
    pub kind: RowKind,
    /// Its path, `members[].x`.
    pub property: String,
    /// On how many object changes it changed.
    pub objects: u64,
    /// In how many rows.
    pub rows: u64,
    /// Edits of it that are the same on several objects.
    pub edits: Vec<IdenticalEdit<T>>,
}

impl<T> PropertyLine<T> {
    fn place(&self) -> (Function, &str, RowKind, &str) {
        (self.function, &self.entity_type, self.kind, &self.property)
    }
}

/// The same property with the same values on several objects.
#[derive(Debug)]
pub struct IdenticalEdit<T> {
    /// On how many object changes.
    pub objects: u64,
    /// What is shown of it.
    pub shown: T,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{self, Input, SurveyOptions};
    use crate::{diff, report};

    /// A page of users, each with these members of both sides.
    fn export(users: &[(&str, &str)]) -> ingest::Export {
        let item = |(number, (backup, current)): (usize, &(&str, &str))| {
            format!(
                r#"{{"id": "{number}", "entityTypeName": "user", "recoveryAction": "update",
                    "deltaFromCurrent": {{{backup}}}, "currentState": {{{current}}}}}"#
            )
        };
        let items: Vec<String> = users.iter().enumerate().map(item).collect();
        let page = format!(r#"{{"@odata.context": "x/getChanges", "value": [{}]}}"#, items.join(","));
        let inputs = vec![Input::Stdin(page.into_bytes())];
        ingest::survey(inputs, &SurveyOptions::default(), diff::tally, |_| ())
    }

    /// Their table in chunks of so many objects: each line with its objects, rows and edits.
    fn table(users: &[(&str, &str)], chunk: usize, room: Room) -> PropertyTable<String> {
        let export = export(users);
        let report = Report::new(&export, report::Options::default());
        let mut counts = EditCounts { room, ..EditCounts::default() };
        for start in (0..report.len()).step_by(chunk) {
            let mut edits = Edits::default();
            for position in start..(start + chunk).min(report.len()) {
                edits.push(position, &report.object(position).change);
            }
            counts.add(&edits);
        }
        counts.table(&report, |object, row| {
            let row = &object.changes[row];
            let side = |side: &Option<crate::model::Json<'_>>| {
                side.as_ref().map_or("-".to_owned(), crate::model::Json::to_compact)
            };
            format!("{} {} > {}", row.property, side(&row.backup), side(&row.current))
        })
    }

    type Shown<'t> = (&'t str, u64, u64, Vec<(u64, &'t str)>);

    fn shown(table: &PropertyTable<String>) -> Vec<Shown<'_>> {
        table
            .lines
            .iter()
            .map(|line| {
                let edits = line.edits.iter().map(|edit| (edit.objects, edit.shown.as_str())).collect();
                (line.property.as_str(), line.objects, line.rows, edits)
            })
            .collect()
    }

    const USERS: [(&str, &str); 5] = [
        (r#""city": "Oslo", "state": "1""#, r#""city": "Bergen", "state": "2""#),
        (r#""city": "Oslo", "state": "3""#, r#""city": "Bergen", "state": "4""#),
        (r#""city": "Oslo""#, r#""city": null"#),
        (r#""city": "Oslo""#, r#""city": null"#),
        (r#""city": "Oslo""#, r#""city": "Bergen""#),
    ];

    #[test]
    fn properties_are_counted_and_identical_edits_folded_wherever_chunks_end() {
        let expected = [
            ("city", 5, 5, vec![(3, "city \"Oslo\" > \"Bergen\""), (2, "city \"Oslo\" > null")]),
            ("state", 2, 2, vec![]),
        ];
        for chunk in 1..=USERS.len() {
            let table = table(&USERS, chunk, Room::default());
            assert_eq!(shown(&table), expected, "{chunk}");
            assert_eq!((table.other_rows, table.other_edits, table.not_followed), (0, 0, 0));
        }
    }

    #[test]
    fn elements_with_keys_are_one_property_and_count_an_object_once() {
        let user = (
            r#""a": [{"id": "1", "x": 1}, {"id": "2", "x": 1}], "m@delta": [{"id": "7"}, {"id": "8"}]"#,
            r#""a": [{"id": "1", "x": 2}, {"id": "2", "x": 2}]"#,
        );
        let table = table(&[user, user], 1, Room::default());
        let edits = vec![(2, "a[id=1].x 1 > 2"), (2, "a[id=2].x 1 > 2")];
        let links = vec![(2, "m {\"id\":\"7\"} > -"), (2, "m {\"id\":\"8\"} > -")];
        assert_eq!(shown(&table), [("a[].x", 2, 4, edits), ("m", 2, 4, links)]);
    }

    #[test]
    fn of_masked_and_of_lost_values_nobody_says_that_they_are_the_same() {
        let secret = (r#""passwordProfile": {"password": "a"}"#, r#""passwordProfile": {"password": "b"}"#);
        let lost = (r#""tags": "System.Object[]""#, r#""tags": ["x"]"#);
        let table = table(&[secret, secret, lost, lost], 2, Room::default());
        assert_eq!(shown(&table), [("passwordProfile.password", 2, 2, vec![]), ("tags", 2, 2, vec![])]);
    }

    #[test]
    fn what_is_not_followed_is_counted() {
        let room = Room { properties: 1, ..Room::default() };
        let of_one = table(&USERS, 2, room);
        assert_eq!((of_one.lines.len(), of_one.other_rows, of_one.other_edits), (1, 2, 0));
        let room = Room { edits: 1, ..Room::default() };
        let one = table(&USERS, 2, room);
        assert_eq!(shown(&one)[0].3, [(3, "city \"Oslo\" > \"Bergen\"")], "exactly those that are followed");
        assert_eq!(one.not_followed, 4);
        let room = Room { listed: 1, ..Room::default() };
        assert_eq!(table(&USERS, 2, room).other_edits, 1);
    }

    #[test]
    fn paths_lose_what_names_an_element_and_keep_what_names_a_key() {
        let corpus = include_str!("../../tests/support/paths.json");
        let corpus: Vec<(String, String)> = serde_json::from_str(corpus).expect("pairs");
        for (path, property) in corpus {
            assert_eq!(without_keys(&path), property, "{path}");
        }
    }
}
