//! Items of a page, read one behind the other → what the index keeps of them, and their problems.

use std::collections::HashMap;

use crate::model::{EntityType, Extent, Instant, Json, LimitOn, ProblemKind, Record, RecoveryAction, Tally};

use super::export::{Item, Page, index_of};
use super::facts::Facts;
use super::fault::{Unplaced, item_fault};
use super::identity::Identity;
use super::limits::{Limits, reckoned};
use super::listed::Listed;
use super::outline::Span;
use super::read_error::ReadError;
use super::record::{ReadRecord, RecordReader};

/// What was read of some items.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) items: Vec<Item>,
    /// The actions and types that occur; an item's `kind` is a position here.
    pub(super) kinds: Vec<(RecoveryAction, EntityType)>,
    pub(super) problems: Listed,
}

/// Where items stand.
#[derive(Clone, Copy)]
pub(super) struct Home<'h> {
    /// The file's text.
    pub(super) text: &'h str,
    pub(super) page: &'h Page,
    /// The page's position in its file.
    pub(super) number: u32,
    /// The document in a file of several.
    pub(super) document: Option<u32>,
    pub(super) limits: Limits,
}

/// Behind so many elements of a page, and of elements shorter than this, no more than [`OF_A_BATCH`] problems of one
/// code are listed of a batch: a page of nothing else would take many times its size before the file's own limit is
/// looked at.
const LISTED_ITEMS: usize = 1 << 14;
const SHORT: usize = 64;
const OF_A_BATCH: u64 = 8;

impl Batch {
    /// Reads the items at `spans`, the first being number `first` of its page. `examine` tells how the rows
    /// of an item count.
    pub(super) fn read(
        home: Home<'_>,
        first: usize,
        spans: &[Span],
        examine: &impl Fn(&Record<'_>) -> Extent,
    ) -> Self {
        let limit = home.limits.problems;
        let mut batch = Batch { problems: Listed::up_to(limit), ..Batch::default() };
        let mut kinds = HashMap::new();
        let mut reader = RecordReader::default();
        for (offset, span) in spans.iter().enumerate() {
            let ordinal = index_of(first + offset);
            let mut problem = |kind: ProblemKind, at: usize| {
                let pointer = Some(home.page.item_pointer(ordinal).into_owned());
                let unplaced = Unplaced::new(kind, Some(at), home.document);
                let is_short = first >= LISTED_ITEMS && span.len() < SHORT;
                let limit = if is_short { limit.min(OF_A_BATCH) } else { limit };
                batch.problems.push_up_to(limit, Unplaced { pointer, page: Some(home.number), ..unplaced });
            };
            let read = match read_item(&mut reader, home, span) {
                Ok(read) => read,
                Err((kind, at)) => {
                    problem(kind, at);
                    continue;
                }
            };
            let record = &read.record;
            let extent = examine(record);
            let tally = extent.tally;
            let weight = weight(record, extent, home.page);
            let limit = home.limits.change_rows();
            if weight > limit {
                let on = if limit < home.limits.rows { LimitOn::RowsMemory } else { LimitOn::Rows };
                problem(ProblemKind::Limit { on, limit }, span.start);
                continue;
            }
            let item = Item {
                start: span.start,
                length: u32::try_from(span.len()).unwrap_or(u32::MAX),
                page: 0,
                ordinal,
                kind: 0,
                identity: Identity::of(&record.id),
                tally,
                deleted_at: deleted_at(record),
                facts: Facts::new(record, weight + 4 * span.len() as u64),
            };
            for kind in oddities(&read, tally) {
                problem(kind, span.start);
            }
            let kind = (read.record.recovery_action, read.record.entity_type);
            // Items of one kind mostly stand one behind the other.
            let last = batch.items.last().map(|item: &Item| item.kind);
            let kind = match last.filter(|&last| batch.kinds[last as usize] == kind) {
                Some(last) => last,
                None => *kinds.entry(kind).or_insert_with_key(|kind: &(_, _)| {
                    batch.kinds.push(kind.clone());
                    index_of(batch.kinds.len() - 1)
                }),
            };
            batch.items.push(Item { kind, ..item });
        }
        batch
    }
}

/// How many bytes a comma, and a bracket, of an item stands for while it is compared: of a million members or elements on
/// either side (measured).
const OF_A_COMMA: u64 = 700;
const OF_A_BRACKET: u64 = 64;

/// How many bytes the rows of a change take in a table beside its values: what names them stands on each.
fn weight(record: &Record<'_>, extent: Extent, page: &Page) -> u64 {
    let message = match &record.failure_message {
        None | Some(Json::Null) => 0,
        Some(Json::String(text)) => text.len(),
        Some(other) => other.to_compact().len(),
    };
    let names = record.id.len()
        + record.display_name.as_ref().map_or(0, |name| name.len())
        + record.entity_type.as_str().len()
        + record.recovery_action.as_str().map_or(0, str::len)
        + message
        + page.pointer.len();
    let rows = extent.tally.table_rows();
    rows.saturating_mul(names as u64).saturating_add(u64::from(extent.path_bytes)).max(1)
}

fn deleted_at(record: &Record<'_>) -> u32 {
    let current = record.current.as_object();
    let text = current.and_then(|current| current.get_any_case("deletedDateTime")).and_then(Json::as_str);
    text.and_then(Instant::parse).and_then(|instant| u32::try_from(instant.seconds).ok()).unwrap_or(0)
}

/// Reads one item, or tells why it is none, and where.
fn read_item<'h>(
    reader: &mut RecordReader<'h>,
    home: Home<'h>,
    span: &Span,
) -> Result<ReadRecord<'h>, (ProblemKind, usize)> {
    let too_much = |on: LimitOn, limit: u64| Err((ProblemKind::Limit { on, limit }, span.start));
    if u32::try_from(span.len()).is_err() {
        return too_much(LimitOn::Item, u32::MAX.into());
    }
    let most = home.limits.item_memory();
    if reckoned(&home.text[span.clone()], OF_A_COMMA, OF_A_BRACKET) > most {
        return too_much(LimitOn::ItemMemory, most);
    }
    let told = |error: ReadError| (item_fault(error), span.start + error.at);
    let read = reader.read(&home.text[span.clone()]).map_err(told)?;
    if home.page.cut && read.record.says_nothing() {
        // Behind a broken bracket, the parts of an item look like items.
        return Err((ProblemKind::UnrecognisedItem { expected: Some("a change") }, span.start));
    }
    Ok(read)
}

/// What must be told of an item that is in the report.
fn oddities(read: &ReadRecord<'_>, tally: Tally) -> Vec<ProblemKind> {
    let record = &read.record;
    let mut told: Vec<ProblemKind> = Vec::new();
    told.extend(read.repeated_keys.iter().map(|key| ProblemKind::DuplicateKey { key: key.to_string() }));
    told.extend(read.lone_surrogate.then_some(ProblemKind::LoneSurrogate));
    told.extend(record.id.is_empty().then_some(ProblemKind::UnidentifiedObject));
    if tally.lost_rows > 0 {
        let name = record.display_name.as_deref().map(str::to_owned);
        let id = record.id.clone().into_owned();
        told.push(ProblemKind::LostEvidence { id, name, rows: tally.lost_rows });
    }
    told
}
