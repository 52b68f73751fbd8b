//! The walk over both sides of an item (contract, section 3.1, 3.5, 3.8).

use std::borrow::Cow;

use crate::model::{
    CollectionItems, Extent, Json, KeyIndex, Note, Object, Record, RecoveryAction, Row, RowKind, SinceBackup,
    State, Tally,
};

use super::array::{self, Arrays, Paired, Sides};
use super::equal;
use super::links::{self, Link};
use super::lost::{self, KeyKind};
use super::path::Path;
use super::secret::{self, Below};

/// The rows of one item, and how they count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes<'a> {
    /// In the order found.
    pub rows: Vec<Row<'a>>,
    /// How many rows of each kind there are, and how many compared values were equal.
    pub tally: Tally,
}

/// Compares the two sides of `record`.
#[must_use]
pub fn changes<'a>(record: &Record<'a>) -> Changes<'a> {
    let mut walk = Walk::new(&record.recovery_action, Keep::Rows);
    walk.item(record);
    Changes { rows: walk.rows, tally: walk.extent.tally }
}

/// How the rows of `record` count, and what room they take, without making them.
#[must_use]
pub fn extent(record: &Record<'_>) -> Extent {
    let mut walk = Walk::new(&record.recovery_action, Keep::Extent);
    walk.item(record);
    walk.extent
}

/// A key as the input has it: what is told of it is borrowed from there.
type Key<'a> = Cow<'a, str>;

/// The values at one key; a side without the key is `None`.
#[derive(Clone, Copy)]
struct Pair<'j, 'a> {
    backup: Option<&'j Json<'a>>,
    current: Option<&'j Json<'a>>,
}

impl Pair<'_, '_> {
    /// Backup → current, of two sides that differ.
    fn since_backup(self) -> SinceBackup {
        if self.current.is_none_or(Json::is_empty) {
            SinceBackup::Removed
        } else if self.backup.is_none_or(Json::is_empty) {
            SinceBackup::Added
        } else {
            SinceBackup::Modified
        }
    }

    fn is_lost(self, key: &str) -> bool {
        let lost = |side: Option<&Json<'_>>| side.is_some_and(|value| lost::is_lost_inside(value, Some(key)));
        lost(self.backup) || lost(self.current)
    }
}

/// Where a value stands as secrets see it: its key, what it is below (the key included), and whether it is
/// a secret itself.
#[derive(Clone, Copy)]
struct Spot<'k, 'a> {
    key: &'k Key<'a>,
    below: Below,
    secret: bool,
}

impl<'k, 'a> Spot<'k, 'a> {
    fn at(key: &'k Key<'a>, parent: Below) -> Self {
        Spot { key, below: parent.enter(key), secret: parent.is_secret(key) }
    }
}

/// Whether an object is a side itself: there, keys that only the current state has are context.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Top,
    Nested,
}

/// What a walk is for. An extent needs no value copied and no path written down.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    Rows,
    Extent,
}

/// How many rows there is room for before they are moved. Most items have no more, and more would be more than what
/// allocators keep at hand for the next.
const USUAL_ROWS: usize = 6;

/// A row about to be told.
struct Told<'t, 'a> {
    kind: RowKind,
    since_backup: SinceBackup,
    note: Option<Note>,
    spot: Spot<'t, 'a>,
    pair: Pair<'t, 'a>,
    items: Option<CollectionItems<'a>>,
}

struct Walk<'r, 'a> {
    action: &'r RecoveryAction,
    keep: Keep,
    path: Path,
    rows: Vec<Row<'a>>,
    extent: Extent,
}

impl<'r, 'a> Walk<'r, 'a> {
    fn new(action: &'r RecoveryAction, keep: Keep) -> Self {
        let (path, rows) = match keep {
            Keep::Rows => (Path::with_text(), Vec::with_capacity(USUAL_ROWS)),
            Keep::Extent => (Path::without_text(), Vec::new()),
        };
        Walk { action, keep, path, rows, extent: Extent::default() }
    }

    fn item(&mut self, record: &Record<'a>) {
        match (&record.delta, &record.current) {
            (State::Lost, _) | (_, State::Lost) => self.lost_item(),
            (State::Missing, State::Object(current)) if *self.action == RecoveryAction::SoftDelete => {
                self.current_alone(current, Below::default());
            }
            (State::Missing, _) => {}
            (State::Object(delta), State::Object(current)) => {
                self.both(delta, current, Below::default(), Level::Top);
            }
            (State::Object(delta), State::Missing) if *self.action == RecoveryAction::Restore => {
                self.backup_alone(delta, Below::default());
            }
            (State::Object(delta), State::Missing) => self.unknown(delta, Below::default()),
        }
    }

    /// The item has a side that is no object: one row without values.
    fn lost_item(&mut self) {
        const WHOLE: Cow<'static, str> = Cow::Borrowed("*");
        self.path.push_key(&WHOLE);
        self.unknown_row(
            Note::LostEvidence,
            Spot::at(&WHOLE, Below::default()),
            Pair { backup: None, current: None },
        );
    }

    /// Two objects.
    fn both(&mut self, delta: &Object<'a>, current: &Object<'a>, below: Below, level: Level) {
        let index = KeyIndex::new(current);
        for (key, value) in delta.iter() {
            self.backup_member(key, value, Some(&index), below);
        }
        if level == Level::Nested {
            let index = KeyIndex::new(delta);
            for (key, value) in current.iter() {
                if !key.as_bytes().contains(&b'@') && !value.is_empty() && index.get(key).is_none() {
                    self.not_in_delta(key, value, below);
                }
            }
        }
    }

    /// An object of the backup against nothing.
    fn backup_alone(&mut self, delta: &Object<'a>, below: Below) {
        for (key, value) in delta.iter() {
            self.backup_member(key, value, None, below);
        }
    }

    /// An object of the current state against nothing.
    fn current_alone(&mut self, current: &Object<'a>, below: Below) {
        for (key, value) in current.iter().filter(|(key, _)| !key.as_bytes().contains(&b'@')) {
            self.member(key, Pair { backup: None, current: Some(value) }, below);
        }
    }

    fn backup_member(
        &mut self,
        key: &Key<'a>,
        value: &Json<'a>,
        current: Option<&KeyIndex<'_, 'a>>,
        below: Below,
    ) {
        match KeyKind::of(key) {
            KeyKind::Property => {
                let current = current.and_then(|current| current.get(key));
                self.member(key, Pair { backup: Some(value), current }, below);
            }
            KeyKind::Links(name) => self.links(key, name, value, below),
            KeyKind::Annotation => {}
        }
    }

    /// Compares what stands at `key` below the present path.
    fn member(&mut self, key: &Key<'a>, pair: Pair<'_, 'a>, parent: Below) {
        let spot = Spot::at(key, parent);
        let length = self.path.len();
        self.path.push_key(key);
        match pair {
            Pair { .. } if spot.secret => self.whole(spot, pair),
            Pair { backup: Some(Json::Object(delta)), current: Some(Json::Object(current)) } => {
                self.both(delta, current, spot.below, Level::Nested);
            }
            Pair { backup: Some(Json::Object(delta)), current } if current.is_none_or(Json::is_empty) => {
                self.backup_alone(delta, spot.below);
            }
            Pair { backup, current: Some(Json::Object(current)) } if backup.is_none_or(Json::is_empty) => {
                self.current_alone(current, spot.below);
            }
            _ => self.whole(spot, pair),
        }
        self.path.cut(length);
    }

    /// Compares two values that are not walked: scalars, arrays, secrets, values of different kinds.
    fn whole(&mut self, spot: Spot<'_, 'a>, pair: Pair<'_, 'a>) {
        if pair.is_lost(spot.key) {
            return self.unknown_row(Note::LostEvidence, spot, pair);
        }
        let arrays = if spot.secret { None } else { array::compare(pair.backup, pair.current) };
        match arrays {
            Some(Arrays::Same) => self.is_unchanged(),
            Some(Arrays::Paired { name, elements }) => self.paired(name, spot, elements),
            Some(Arrays::Differ) => {
                let items = (self.keep == Keep::Rows).then(|| array::items(pair.backup, pair.current));
                self.differs(spot, pair, items);
            }
            None if equal::same(pair.backup, pair.current) => self.is_unchanged(),
            None => self.differs(spot, pair, None),
        }
    }

    /// Elements with identifiers: both walked, or a row with the whole of the one.
    fn paired(&mut self, name: &str, spot: Spot<'_, 'a>, elements: Vec<Paired<'_, 'a>>) {
        let length = self.path.len();
        for Paired { id, sides } in elements {
            self.path.push_element(name, id);
            match sides {
                Sides::Both { backup, current } => self.both(backup, current, spot.below, Level::Nested),
                Sides::Backup(element) => {
                    self.differs(spot, Pair { backup: Some(element), current: None }, None);
                }
                Sides::Current(element) => {
                    self.differs(spot, Pair { backup: None, current: Some(element) }, None);
                }
            }
            self.path.cut(length);
        }
    }

    fn is_unchanged(&mut self) {
        self.extent.tally.unchanged += 1;
    }

    /// A row for two values that differ.
    fn differs(&mut self, spot: Spot<'_, 'a>, pair: Pair<'_, 'a>, items: Option<CollectionItems<'a>>) {
        let since_backup = pair.since_backup();
        let mut told = Told { kind: RowKind::Property, since_backup, note: None, spot, pair, items };
        // How a row counts does not depend on it.
        if self.path.text() == Some("deletedDateTime") {
            self.tell_lifecycle(&mut told);
        }
        self.tell(told);
    }

    fn tell_lifecycle(&self, row: &mut Told<'_, 'a>) {
        match self.action {
            RecoveryAction::SoftDelete => {
                row.note = Some(Note::Lifecycle);
                row.since_backup = SinceBackup::Unknown;
                row.items = None;
            }
            RecoveryAction::Restore => row.note = Some(Note::Lifecycle),
            RecoveryAction::Update | RecoveryAction::Missing | RecoveryAction::Other(_) => {}
        }
    }

    /// A nested key that only the current state has: the backup may have meant a whole value without it.
    fn not_in_delta(&mut self, key: &Key<'a>, value: &Json<'a>, parent: Below) {
        let spot = Spot::at(key, parent);
        let length = self.path.len();
        self.path.push_key(key);
        let pair = Pair { backup: None, current: Some(value) };
        let note = if pair.is_lost(key) { Note::LostEvidence } else { Note::NotInDelta };
        self.unknown_row(note, spot, pair);
        self.path.cut(length);
    }

    /// Every leaf of a backup that has no current state to be compared with.
    fn unknown(&mut self, delta: &Object<'a>, below: Below) {
        for (key, value) in delta.iter() {
            match KeyKind::of(key) {
                KeyKind::Property => {}
                KeyKind::Links(name) => {
                    self.links(key, name, value, below);
                    continue;
                }
                KeyKind::Annotation => continue,
            }
            let spot = Spot::at(key, below);
            let length = self.path.len();
            self.path.push_key(key);
            match value {
                Json::Object(object) if !spot.secret => self.unknown(object, spot.below),
                leaf => self.unknown_leaf(spot, leaf),
            }
            self.path.cut(length);
        }
    }

    fn unknown_leaf(&mut self, spot: Spot<'_, 'a>, leaf: &Json<'a>) {
        let pair = Pair { backup: Some(leaf), current: None };
        let note = if pair.is_lost(spot.key) { Note::LostEvidence } else { Note::CurrentStateMissing };
        self.unknown_row(note, spot, pair);
    }

    /// A link collection: `key` as written, `name` without its suffix.
    fn links(&mut self, key: &Key<'a>, name: &str, collection: &Json<'a>, parent: Below) {
        let length = self.path.len();
        self.path.push_key(name);
        let spot = Spot { key, below: parent.enter(name), secret: false };
        // A text in the place of the whole collection is lost whatever it says; in an array it may be an id.
        let flattened = matches!(collection, Json::String(_));
        for element in links::elements(collection) {
            match links::read(element) {
                Some(link) if !flattened => self.link(&link, spot),
                _ => {
                    let pair = Pair { backup: Some(element), current: None };
                    self.unknown_row(Note::LostEvidence, spot, pair);
                }
            }
        }
        self.path.cut(length);
    }

    fn link(&mut self, link: &Link<'_, 'a>, spot: Spot<'_, 'a>) {
        let since_backup = link.since_backup();
        let target = (self.keep == Keep::Rows).then(|| link.target());
        let pair = match since_backup {
            SinceBackup::Added => Pair { backup: None, current: target.as_ref() },
            _ => Pair { backup: target.as_ref(), current: None },
        };
        self.tell(Told { kind: RowKind::Link, since_backup, note: link.note(), spot, pair, items: None });
    }

    /// A row of a property of which the input does not tell what happened.
    fn unknown_row(&mut self, note: Note, spot: Spot<'_, 'a>, pair: Pair<'_, 'a>) {
        let since_backup = SinceBackup::Unknown;
        self.tell(Told { kind: RowKind::Property, since_backup, note: Some(note), spot, pair, items: None });
    }

    /// Counts a row at the present path, and keeps it with both sides as they may be shown.
    fn tell(&mut self, told: Told<'_, 'a>) {
        let Told { kind, since_backup, note, spot, pair, mut items } = told;
        self.extent.count(kind, note == Some(Note::LostEvidence), self.path.len());
        if self.keep == Keep::Extent {
            return;
        }
        let mut masked = false;
        let mut show = |value: &Json<'a>, key: Option<&str>| {
            let (copy, hidden) = secret::shown(value, spot.below, key, spot.secret);
            masked |= hidden;
            copy
        };
        let key = (kind == RowKind::Property).then_some(&**spot.key);
        let current = pair.current.map(|value| show(value, key));
        let backup = pair.backup.map(|value| show(value, key));
        for element in items.iter_mut().flat_map(|items| items.added.iter_mut().chain(&mut items.removed)) {
            *element = show(element, None);
        }
        let note = if masked { Some(Note::Redacted) } else { note };
        let property = self.property(spot.key);
        self.rows.push(Row { kind, property, since_backup, current, backup, items, note });
    }

    /// The present path, which ends in `key`: most are nothing but a key of the input, or begin it.
    fn property(&self, key: &Key<'a>) -> Cow<'a, str> {
        let path = self.path.text().unwrap_or_default();
        match key {
            Cow::Borrowed(key) if key.starts_with(path) => Cow::Borrowed(&key[..path.len()]),
            _ => Cow::Owned(path.to_owned()),
        }
    }
}
