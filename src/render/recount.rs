//! What a finished file holds, counted in the file itself: the counterpart of each writer, which knows no
//! more of it than how it is written.

use std::io::{self, BufRead, BufReader, Read, Seek};

use memchr::memmem;
use serde::Deserialize;
use zip::ZipArchive;

use crate::report::wording::workbook as words;

use super::count::Counts;
use super::restore::FIELDS;
use super::{Column, Delimiter, Format};

/// Counts in the bytes of a finished `format`; in CSV, `delimiter` stands between its cells.
///
/// # Errors
/// Where they cannot be read, or are not what this version writes (`InvalidData`).
pub fn recount(format: Format, delimiter: Delimiter, file: impl Read + Seek) -> io::Result<Counts> {
    match format {
        Format::Html => {
            let mut bytes = Vec::new();
            BufReader::new(file).read_to_end(&mut bytes)?;
            Ok(page(&bytes))
        }
        Format::Csv => table(file, delimiter),
        Format::Xlsx => workbook(file),
        Format::Ndjson => lines(BufReader::new(file)),
        Format::SummaryJson => summary(BufReader::new(file)),
        Format::Markdown => Ok(Counts::default()),
        Format::RestoreCsv => restore_table(file, delimiter),
        Format::RestoreNdjson => restore_lines(BufReader::new(file)),
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// How an object and a row of it begin in a page. Text of the input has no `<` there.
const OBJECT: &str = "<tr class=\"object\">";
const ROW: &str = "<th scope=\"row\" class=\"p\">";

/// Counts in a page.
pub(super) fn page(bytes: &[u8]) -> Counts {
    let text = String::from_utf8_lossy(bytes);
    let (mut objects, mut rows) = (0, 0);
    for object in text.split(OBJECT).skip(1) {
        objects += 1;
        rows += (object.matches(ROW).count() as u64).max(1);
    }
    Counts { rows: Some(rows), object_changes: Some(objects), ..Counts::default() }
}

/// A table; a byte order mark in front of it is passed over.
fn reader<R: Read>(file: R, delimiter: Delimiter) -> csv::Reader<R> {
    csv::ReaderBuilder::new().delimiter(delimiter.byte()).buffer_capacity(1 << 16).from_reader(file)
}

fn table(file: impl Read, delimiter: Delimiter) -> io::Result<Counts> {
    let mut table = reader(file, delimiter);
    let heads = table.headers().map_err(invalid)?;
    if !heads.iter().eq(Column::ALL.iter().map(|column| column.name)) {
        return Err(invalid("other columns"));
    }
    let kind = heads.iter().position(|head| head == "kind").ok_or_else(|| invalid("no column of kinds"))?;
    let (mut properties, mut links, mut rows) = (0, 0, 0);
    let mut record = csv::ByteRecord::new();
    while table.read_byte_record(&mut record).map_err(invalid)? {
        rows += 1;
        match record.get(kind) {
            Some(b"property") => properties += 1,
            Some(b"link") => links += 1,
            _ => {}
        }
    }
    Ok(Counts {
        rows: Some(rows),
        property_changes: Some(properties),
        link_changes: Some(links),
        ..Counts::default()
    })
}

fn restore_table(file: impl Read, delimiter: Delimiter) -> io::Result<Counts> {
    let mut table = reader(file, delimiter);
    if !table.headers().map_err(invalid)?.iter().eq(FIELDS.iter().map(|(name, _)| *name)) {
        return Err(invalid("other columns"));
    }
    let mut artifacts = 0;
    let mut record = csv::ByteRecord::new();
    while table.read_byte_record(&mut record).map_err(invalid)? {
        artifacts += 1;
    }
    Ok(Counts::of_restore_artifacts(artifacts))
}

/// What is looked at of an artifact's line.
#[derive(Deserialize)]
struct ArtifactLine {
    #[serde(rename = "collection")]
    _collection: serde::de::IgnoredAny,
    #[serde(rename = "outcome")]
    _outcome: serde::de::IgnoredAny,
}

fn restore_lines(mut file: impl BufRead) -> io::Result<Counts> {
    let mut artifacts = 0;
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        serde_json::from_slice::<ArtifactLine>(&line).map_err(invalid)?;
        artifacts += 1;
        line.clear();
    }
    Ok(Counts::of_restore_artifacts(artifacts))
}

/// What is looked at of a line.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    changes: Vec<LineRow<'l>>,
}

#[derive(Deserialize)]
struct LineRow<'l> {
    kind: &'l str,
}

fn lines(mut file: impl BufRead) -> io::Result<Counts> {
    let (mut objects, mut properties, mut links) = (0, 0, 0);
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        let object: Line<'_> = serde_json::from_slice(&line).map_err(invalid)?;
        objects += 1;
        for row in object.changes {
            match row.kind {
                "property" => properties += 1,
                "link" => links += 1,
                _ => return Err(invalid("a row of another kind")),
            }
        }
        line.clear();
    }
    Ok(Counts {
        object_changes: Some(objects),
        property_changes: Some(properties),
        link_changes: Some(links),
        ..Counts::default()
    })
}

/// What is looked at of a summary.
#[derive(Deserialize)]
struct Summary {
    totals: std::collections::BTreeMap<String, Totals>,
    groups: Vec<Totals>,
    problems: Vec<serde::de::IgnoredAny>,
    #[serde(rename = "restoreArtifacts")]
    restore_artifacts: Vec<Artifacts>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Artifacts {
    total: u64,
    by_status: std::collections::BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    objects: u64,
    property_changes: u64,
    link_changes: u64,
}

fn summary(file: impl Read) -> io::Result<Counts> {
    let summary: Summary = serde_json::from_reader(file)?;
    let sum = |of: fn(&Totals) -> u64| Some(summary.totals.values().map(of).sum());
    let of_groups = |of: fn(&Totals) -> u64| Some(summary.groups.iter().map(of).sum::<u64>());
    let sums: [fn(&Totals) -> u64; 3] =
        [|totals| totals.objects, |totals| totals.property_changes, |totals| totals.link_changes];
    if sums.into_iter().any(|of| sum(of) != of_groups(of)) {
        return Err(invalid("its groups do not add up to its totals"));
    }
    let artifacts = &summary.restore_artifacts;
    if artifacts.iter().any(|of| of.by_status.values().sum::<u64>() != of.total) {
        return Err(invalid("its restore artifacts do not add up"));
    }
    Ok(Counts {
        object_changes: sum(|totals| totals.objects),
        property_changes: sum(|totals| totals.property_changes),
        link_changes: sum(|totals| totals.link_changes),
        problems: Some(summary.problems.len() as u64),
        ..Counts::of_restore_artifacts(artifacts.iter().map(|of| of.total).sum())
    })
}

/// The parts of a workbook that name its sheets, and where they are.
const SHEETS: &str = "xl/workbook.xml";

fn workbook(file: impl Read + Seek) -> io::Result<Counts> {
    let mut parts = ZipArchive::new(file)?;
    let names = sheet_names(parts.by_name(SHEETS)?)?;
    let [mut changes, mut objects, mut links, mut failed, mut problems, mut artifacts] = [0; 6];
    let mut all_rows = 0;
    for (number, name) in (1..).zip(&names) {
        let rows = match kind_of(name) {
            words::CHANGES => &mut changes,
            words::OBJECTS => &mut objects,
            words::LINKS => &mut links,
            words::FAILED_CHANGES => &mut failed,
            words::PROBLEMS => &mut problems,
            words::RESTORE_ARTIFACTS => &mut artifacts,
            _ => continue,
        };
        *rows += data_rows(parts.by_name(&part_of(number))?)?;
    }
    for (number, _) in (1..).zip(&names).filter(|(_, name)| kind_of(name) == words::PROPERTIES) {
        all_rows += sum_of_rows(parts.by_name(&part_of(number))?)?;
    }
    Ok(Counts {
        rows: Some(changes),
        object_changes: Some(objects),
        // A line of properties tells its rows, of both kinds.
        property_changes: Some(all_rows.saturating_sub(links)),
        link_changes: Some(links),
        failed_changes: Some(failed),
        problems: Some(problems),
        ..Counts::of_restore_artifacts(artifacts)
    })
}

/// "Changes (2)" goes on where "Changes" is full.
fn kind_of(name: &str) -> &str {
    name.split(" (").next().unwrap_or_default()
}

/// The library numbers the parts in the order of the sheets.
fn part_of(number: usize) -> String {
    format!("xl/worksheets/sheet{number}.xml")
}

/// The names of the sheets, in order. They are ours, without any character that XML escapes.
fn sheet_names(part: impl Read) -> io::Result<Vec<String>> {
    let mut text = String::new();
    part.take(MOST_BYTES_OF_NAMES).read_to_string(&mut text)?;
    let named = text.split("<sheet name=\"").skip(1);
    Ok(named.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect())
}

/// More than the names of the most sheets that a workbook of ours has.
const MOST_BYTES_OF_NAMES: u64 = 1 << 24;

/// What the elements of a sheet begin with that are counted. Text of the input has no `<` there.
const SHEET_ROW: &str = "<row ";
const SHEET_FILTER: &str = "<autoFilter ";
const SHEET_TABLE: &str = "<tablePart ";

/// How many rows a sheet has below its head. One without any says so in a row of its own, and has neither a
/// filter nor a table; behind a table is a blank row.
fn data_rows(part: impl Read) -> io::Result<u64> {
    let [rows, filters, tables] = occurrences(part, [SHEET_ROW, SHEET_FILTER, SHEET_TABLE])?;
    Ok(if filters + tables > 0 { rows.saturating_sub(1 + tables) } else { 0 })
}

/// What a cell of the column that tells rows begins with, on the sheet of properties.
const PROPERTY_ROWS: &str = "<c r=\"G";

/// More than the cells of a sheet of properties, whose lines are limited, in bytes.
const MOST_BYTES_OF_PROPERTIES: u64 = 1 << 28;

/// The sum of the column that tells rows; its head is no number.
fn sum_of_rows(part: impl Read) -> io::Result<u64> {
    let mut text = String::new();
    part.take(MOST_BYTES_OF_PROPERTIES).read_to_string(&mut text)?;
    let mut sum = 0;
    for cell in text.split(PROPERTY_ROWS).skip(1) {
        let cell = cell.split("</c>").next().unwrap_or_default();
        let Some((_, value)) = cell.split_once("<v>") else { continue };
        let value = value.strip_suffix("</v>").unwrap_or_default();
        sum += value.parse::<u64>().map_err(invalid)?;
    }
    Ok(sum)
}

/// How often each of some texts stands in a stream of any length, of which little is held at a time.
fn occurrences<const N: usize>(mut stream: impl Read, texts: [&str; N]) -> io::Result<[u64; N]> {
    let longest = texts.iter().map(|text| text.len()).max().unwrap_or(1);
    let mut counts = [0; N];
    let mut window: Vec<u8> = Vec::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = stream.read(&mut piece)?;
        window.extend_from_slice(&piece[..read]);
        let is_end = read == 0;
        // What may go on behind the end of the window is counted with the next piece.
        let settled = if is_end { window.len() } else { window.len().saturating_sub(longest - 1) };
        for (count, text) in counts.iter_mut().zip(texts) {
            let ends = (settled + text.len() - 1).min(window.len());
            *count += memmem::find_iter(&window[..ends], text).count() as u64;
        }
        if is_end {
            return Ok(counts);
        }
        window.drain(..settled);
    }
}

/// Whether a finished `format` prints `text`, which is made of digits and letters; `None` of a format that prints
/// nothing about itself.
///
/// # Errors
/// Where it cannot be read.
pub fn prints(format: Format, file: impl Read + Seek, text: &str) -> io::Result<Option<bool>> {
    let found = match format {
        Format::Csv | Format::Ndjson | Format::RestoreCsv | Format::RestoreNdjson => return Ok(None),
        Format::Html | Format::SummaryJson | Format::Markdown => occurrences(file, [text])?,
        // The texts of the first sheet, the summary, stand in a part of their own; those of others do not.
        Format::Xlsx => occurrences(ZipArchive::new(file)?.by_name("xl/sharedStrings.xml")?, [text])?,
    };
    Ok(Some(found[0] > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that gives so many bytes at a time.
    struct Pieces<'b>(&'b [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let (piece, rest) = self.0.split_at(self.1.min(self.0.len()));
            to[..piece.len()].copy_from_slice(piece);
            self.0 = rest;
            Ok(piece.len())
        }
    }

    #[test]
    fn texts_are_counted_once_wherever_the_pieces_end() {
        let stream = b"<row <row 1<ro<autoFilter <row<row <r";
        for size in 1..=stream.len() {
            let counts = occurrences(Pieces(stream, size), ["<row ", "<autoFilter ", "aa"]);
            assert_eq!(counts.expect("memory can be read"), [3, 1, 0], "{size}");
        }
    }
}
