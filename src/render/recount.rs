//! What a finished file holds, counted in the file itself: the counterpart of each writer, which knows no
//! more of it than how it is written.

use std::io::{self, BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Deserialize;
use zip::ZipArchive;

use crate::report::wording::workbook as words;

use super::count::Counts;
use super::{Column, Format};

/// Counts in the bytes of a finished `format`.
///
/// # Errors
/// Where they cannot be read, or are not what this version writes (`InvalidData`).
pub fn recount(format: Format, file: impl Read + Seek) -> io::Result<Counts> {
    match format {
        Format::Html => {
            let mut bytes = Vec::new();
            BufReader::new(file).read_to_end(&mut bytes)?;
            Ok(page(&bytes))
        }
        Format::Csv => table(file),
        Format::Xlsx => workbook(file),
        Format::Ndjson => lines(BufReader::new(file)),
        Format::SummaryJson => summary(BufReader::new(file)),
        Format::Markdown => Ok(Counts::default()),
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

fn table(file: impl Read) -> io::Result<Counts> {
    let mut table = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
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
    problems: Vec<serde::de::IgnoredAny>,
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
    Ok(Counts {
        object_changes: sum(|totals| totals.objects),
        property_changes: sum(|totals| totals.property_changes),
        link_changes: sum(|totals| totals.link_changes),
        problems: Some(summary.problems.len() as u64),
        ..Counts::default()
    })
}

/// The parts of a workbook that name its sheets, and where they are.
const SHEETS: &str = "xl/workbook.xml";

fn workbook(file: impl Read + Seek) -> io::Result<Counts> {
    let mut parts = ZipArchive::new(file)?;
    let names = sheet_names(parts.by_name(SHEETS)?)?;
    let [mut changes, mut failed, mut problems] = [0; 3];
    for (number, name) in (1..).zip(&names) {
        // "Changes (2)" goes on where "Changes" is full.
        let kind = name.split(" (").next().unwrap_or_default();
        let rows = match kind {
            words::CHANGES => &mut changes,
            words::FAILED_CHANGES => &mut failed,
            words::PROBLEMS => &mut problems,
            _ => continue,
        };
        // The library numbers the parts in the order of the sheets.
        *rows += data_rows(parts.by_name(&format!("xl/worksheets/sheet{number}.xml"))?)?;
    }
    Ok(Counts {
        rows: Some(changes),
        failed_changes: Some(failed),
        problems: Some(problems),
        ..Counts::default()
    })
}

/// The names of the sheets, in order.
fn sheet_names(part: impl Read) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    each_element(part, |name, element| {
        if name == "sheet"
            && let Some(name) = element.try_get_attribute("name").map_err(invalid)?
        {
            names.push(name.value.into_owned());
        }
        Ok(())
    })?;
    Ok(names)
}

/// How many rows a sheet has below its head. One that has none says so in a row of its own, whose first cell
/// is in the style of a remark; such a sheet has neither a filter nor a table.
fn data_rows(part: impl Read) -> io::Result<u64> {
    let (mut rows, mut has_data) = (0_u64, false);
    each_element(part, |name, _| {
        match name {
            "row" => rows += 1,
            "autoFilter" | "tablePart" => has_data = true,
            _ => {}
        }
        Ok(())
    })?;
    Ok(if has_data { rows.saturating_sub(1) } else { 0 })
}

/// Calls `take` with the name of each element of an XML document, as it begins.
fn each_element(
    part: impl Read,
    mut take: impl FnMut(&str, &quick_xml::events::BytesStart<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, part));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(invalid)? {
            Event::Start(element) | Event::Empty(element) => take(element.local_name().as_ref(), &element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}
