//! Objects turned into each format's bytes: what runs in parallel. A chunk knows nothing of the others, and nothing of the
//! writers that copy what it prepared.

use std::ops::Range;

use crate::report::Report;

use super::count::RowCounts;
use super::dialect::Dialect;
use super::format::Format;
use super::run::{Run, Whole};
use super::{csv, html, ndjson, xlsx};

/// How many objects are ready at most while those before are written; fewer where a workbook is among the formats, whose
/// cells take most of the memory of a chunk, and whose library is slower than all that is prepared for it.
const BATCH_OBJECTS: usize = 8192;
const WORKBOOK_OBJECTS: usize = 4096;

/// How many objects one thread turns into bytes before another may take over, and about how many bytes of rows these have
/// at most, if they are more than one: those of a block of the page; where there are tables and lines alone fewer, so that
/// no thread waits long for the last of a batch.
const BLOCK: (usize, u64) = (1024, 16 << 20);
const CHUNK: (usize, u64) = (256, 4 << 20);

/// Which formats want the objects, so that nothing is prepared for none.
pub(super) struct Wanted {
    csv: Option<Dialect>,
    ndjson: bool,
    /// Where all of a text stands that a cell of a workbook cannot hold.
    xlsx: Option<Whole>,
    /// Which objects the page has for its script.
    html: Option<html::Explored>,
}

impl Wanted {
    pub(super) fn of(run: Run<'_, '_>) -> Self {
        let has = |format: Format| run.formats.contains(&format);
        let html = has(Format::Html).then(|| html::Explored::of(run.report));
        let csv = has(Format::Csv).then(|| run.options.dialect());
        let xlsx = has(Format::Xlsx).then(|| run.whole_changes());
        Wanted { csv, ndjson: has(Format::Ndjson), xlsx, html }
    }

    /// How many objects a chunk has at most, and about how many bytes.
    pub(super) fn chunk(&self) -> (usize, u64) {
        if self.html.is_some() || self.xlsx.is_some() { BLOCK } else { CHUNK }
    }

    /// How many chunks are prepared together: one at least for each thread where blocks are packed, which takes the most.
    pub(super) fn chunks(&self) -> usize {
        let objects = if self.xlsx.is_some() { WORKBOOK_OBJECTS } else { BATCH_OBJECTS };
        let threads = if self.html.is_some() { rayon::current_num_threads() } else { 1 };
        (objects / self.chunk().0).max(threads)
    }

    pub(super) fn any(&self) -> bool {
        self.csv.is_some() || self.ndjson || self.xlsx.is_some() || self.html.is_some()
    }
}

/// Some objects as the bytes of each format that wants them.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) objects: u64,
    pub(super) csv: Vec<u8>,
    pub(super) csv_counts: RowCounts,
    pub(super) ndjson: Vec<u8>,
    pub(super) ndjson_counts: RowCounts,
    pub(super) xlsx: xlsx::Cells,
    /// A block of the page's data, and how many objects it has.
    pub(super) html: (Vec<u8>, u64),
}

/// A buffer that grew beyond this is not used again.
const KEPT_BYTES: usize = 4 << 20;

impl Prepared {
    /// The objects at `positions`, in the room of others.
    pub(super) fn of(report: &Report<'_>, positions: Range<usize>, wanted: &Wanted, room: Prepared) -> Self {
        let mut prepared = Prepared { objects: positions.len() as u64, ..room };
        let mut table = wanted.csv.map(|dialect| csv::Table::new(dialect, std::mem::take(&mut prepared.csv)));
        let mut columns = html::Columns::default();
        if let Some(whole) = wanted.xlsx {
            prepared.xlsx = xlsx::Cells::of(whole);
        }
        for (position, object) in report.objects(positions) {
            if let Some(table) = &mut table {
                table.push(&object.change);
            }
            if wanted.ndjson {
                ndjson::write_object(&object, &mut prepared.ndjson, &mut prepared.ndjson_counts);
            }
            if wanted.xlsx.is_some() {
                prepared.xlsx.push(position, &object.change, report.is_failed_change(position));
            }
            if wanted.html.as_ref().is_some_and(|explored| explored.has(position)) {
                columns.push(position, &object);
            }
        }
        prepared.html = columns.into_bytes();
        (prepared.csv, prepared.csv_counts) = table.map(csv::Table::into_bytes).unwrap_or_default();
        prepared
    }

    /// Nothing prepared, with the buffers of `self` to be used again: memory that is new has to be cleared by the system
    /// first, and is moved while it grows.
    pub(super) fn emptied(self) -> Self {
        let emptied = |mut bytes: Vec<u8>| {
            bytes.clear();
            if bytes.capacity() > KEPT_BYTES { Vec::new() } else { bytes }
        };
        Prepared { csv: emptied(self.csv), ndjson: emptied(self.ndjson), ..Prepared::default() }
    }
}
