//! Text → a workbook: every part is XML, no cell is a formula, and a text comes back as it was.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use entra_diff::render::{Format, Options};
use quick_xml::events::Event;

use super::{item_of, output, page, survey};

/// How many UTF-16 code units a cell holds.
const CELL_UNITS: usize = 32_767;

/// How many line feeds.
const LINE_FEEDS: usize = 253;

/// A text in every field of a workbook.
pub(crate) fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let export = survey(page(&item_of(&text)).as_bytes());
    let workbook = output(&export, Format::Xlsx, &Options::default());
    is_well_formed(&workbook);
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(&workbook)).expect("a workbook");
    let changes = read.worksheet_range("Changes").expect("the sheet of changes");
    let mut rows =
        changes.rows().skip_while(|row| !row.iter().any(|cell| *cell == Data::String("Property".to_owned())));
    let header = rows.next().expect("a header").to_vec();
    let column = |name: &str| header.iter().position(|cell| *cell == Data::String(name.to_owned()));
    let at = column("Failure message").expect("a column");
    let dates = column("Snapshot time (UTC)").expect("a column");
    let fits = text.encode_utf16().count() <= CELL_UNITS / 8 && text.matches('\n').count() <= LINE_FEEDS;
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let is_date = column == dates && matches!(cell, Data::DateTime(_));
            assert!(is_date || matches!(cell, Data::String(_) | Data::Empty), "{cell:?} is no text");
        }
        if fits && !text.is_empty() {
            // XML makes one line feed of a carriage return and a line feed only where they are not escaped.
            assert_eq!(row[at], Data::String(text.to_string()));
        }
    }
}

fn is_well_formed(workbook: &[u8]) {
    let mut parts = zip::ZipArchive::new(Cursor::new(workbook)).expect("a zip file");
    for number in 0..parts.len() {
        let mut text = String::new();
        parts.by_index(number).expect("a part").read_to_string(&mut text).expect("UTF-8");
        assert!(text.chars().all(is_xml), "part {number} holds a character that is none of XML");
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().enable_all_checks(true);
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("part {number}: {error}")) {
                Event::Start(start) | Event::Empty(start) => {
                    assert_ne!(start.name().as_ref(), "f", "a formula");
                    for attribute in start.attributes() {
                        attribute.unwrap_or_else(|error| panic!("part {number}: {error}"));
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
    }
}

/// `Char` of XML 1.0, section 2.2.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
