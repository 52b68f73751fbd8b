//! A workbook read back: its parts as XML, its sheets as cells.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use quick_xml::events::Event;

/// The parts of a workbook by their names, in its order.
pub(crate) fn parts(workbook: &[u8]) -> Vec<(String, String)> {
    let mut parts = zip::ZipArchive::new(Cursor::new(workbook)).expect("a zip file");
    let names: Vec<usize> = (0..parts.len()).collect();
    let read = |number: usize| {
        let mut part = parts.by_index(number).expect("a part");
        let name = part.name().expect("names of parts are ours").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// The cells of a sheet.
pub(crate) fn sheet(workbook: &[u8], name: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).expect("a workbook");
    let range = workbook.worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    range.rows().map(<[Data]>::to_vec).collect()
}

/// The head above a column of dates, the only cells of a sheet of changes that are no strings.
const DATES: &str = "Snapshot time (UTC)";

/// The rows of a sheet whose every cell is a string or blank, but for dates, whose column has blanks here; without the
/// head, and each as long as it.
pub(crate) fn strings(workbook: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut rows = sheet(workbook, name).into_iter();
    let dates =
        rows.next().and_then(|heads| heads.iter().position(|head| *head == Data::String(DATES.to_owned())));
    let text = |(column, cell): (usize, &Data)| match cell {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        Data::DateTime(_) if dates == Some(column) => String::new(),
        other => panic!("{name}: not a string: {other:?}"),
    };
    rows.map(|row| row.iter().enumerate().map(text).collect()).collect()
}

/// The rows of the sheet of changes in the columns that it shares with CSV: without the date, and without the columns
/// at the right, which are blank.
pub(crate) fn changes(workbook: &[u8]) -> Vec<Vec<String>> {
    let heads = sheet(workbook, "Changes").swap_remove(0);
    let date =
        heads.iter().position(|head| *head == Data::String(DATES.to_owned())).expect("a column of dates");
    let shared = |mut row: Vec<String>| {
        assert!(row.split_off(23).iter().all(String::is_empty), "what is the reader's is blank");
        row.remove(date);
        row
    };
    strings(workbook, "Changes").into_iter().map(shared).collect()
}

/// Every part of the workbook is XML with nothing but characters of XML 1.0, and no cell has a formula.
pub(crate) fn assert_well_formed(workbook: &[u8]) {
    for (name, text) in parts(workbook) {
        let odd = text.chars().find(|&character| !is_xml(character));
        assert_eq!(odd, None, "{name} holds a character that is none of XML");
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().enable_all_checks(true);
        let mut depth = 0;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
                Event::Start(start) => {
                    depth += 1;
                    assert_attributes(&name, &start);
                }
                Event::Empty(empty) => assert_attributes(&name, &empty),
                Event::End(_) => depth -= 1,
                Event::GeneralRef(entity) => {
                    let known = entity.resolve_char_ref().is_ok_and(|character| character.is_some())
                        || quick_xml::escape::resolve_xml_entity(entity.as_ref()).is_some();
                    assert!(known, "{name}: {entity:?}");
                }
                Event::DocType(_) | Event::PI(_) => panic!("{name}: not expected in a workbook"),
                Event::Eof => break,
                Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) => {}
            }
        }
        if name.starts_with("xl/worksheets/") {
            for formula in ["<f>", "<f ", "<f/", "xm:f>"] {
                assert!(!text.contains(formula), "{name} has a formula");
            }
        }
        assert_eq!(depth, 0, "{name} ends in the middle");
        let rows = text.split("<row r=\"").skip(1).map(|row| row.split('"').next().unwrap_or_default());
        let rows: Vec<u32> = rows.map(|row| row.parse().expect("a number")).collect();
        assert!(rows.is_sorted_by(|a, b| a < b), "{name} has a row twice: {rows:?}");
    }
}

fn assert_attributes(part: &str, start: &quick_xml::events::BytesStart<'_>) {
    let name = start.name().as_ref().to_owned();
    assert_ne!(name, "f", "{part} has a formula");
    for attribute in start.attributes() {
        let attribute = attribute.unwrap_or_else(|error| panic!("{part}: <{name}>: {error}"));
        let value = attribute.value.clone().into_owned();
        let value = quick_xml::escape::unescape(&value);
        let value = value.unwrap_or_else(|error| panic!("{part}: <{name}>: {error}"));
        assert!(value.chars().all(is_xml) && !attribute.value.contains('<'), "{part}: <{name}>: {value:?}");
    }
}

/// `Char` of XML 1.0, section 2.2.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
