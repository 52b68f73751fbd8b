//! `changes.csv`: RFC 4180, safe to open in a spreadsheet unless asked otherwise (contract, section 8).

use std::borrow::Cow;
use std::ops::Range;

use wide::u8x16;

use crate::model::ObjectChange;

use super::columns::{self, Column, Text};
use super::count::RowCounts;
use super::dialect::{Delimiter, Dialect};

/// Rows in memory.
pub(super) struct Table {
    dialect: Dialect,
    rows: Vec<u8>,
    counts: RowCounts,
    places: Vec<Place>,
    /// The cells of the present object that are the same in all its rows, ready to be copied: those of
    /// columns beside each other in one run.
    of_object: Vec<u8>,
    runs: Vec<Range<usize>>,
    /// Room for the JSON of one cell.
    json: Vec<u8>,
}

/// What stands between two delimiters of a row.
#[derive(Clone, Copy)]
enum Place {
    /// The cell of a column that differs from row to row.
    Cell(&'static Column),
    /// The next run of cells that are the same in all rows of an object.
    Run,
}

impl Place {
    fn all() -> Vec<Self> {
        let of =
            |column: &'static Column| if column.is_of_object() { Place::Run } else { Place::Cell(column) };
        let mut places: Vec<Self> = Column::ALL.iter().map(of).collect();
        places.dedup_by(|a, b| matches!((a, b), (Place::Run, Place::Run)));
        places
    }
}

/// Room for the rows of a chunk, so that they are seldom moved while they grow.
const USUAL_BYTES: usize = 1 << 16;

impl Table {
    /// An empty table whose rows go into `rows`, which is empty, too.
    pub(super) fn new(dialect: Dialect, mut rows: Vec<u8>) -> Self {
        rows.reserve(USUAL_BYTES);
        Table {
            dialect,
            rows,
            counts: RowCounts::default(),
            places: Place::all(),
            of_object: Vec::new(),
            runs: Vec::new(),
            json: Vec::new(),
        }
    }

    /// Appends the rows of `object`.
    pub(super) fn push(&mut self, object: &ObjectChange<'_>) {
        self.encode_object(object);
        let delimiter = self.dialect.delimiter.byte();
        let mut rows = std::mem::take(&mut self.rows);
        for cells in columns::rows(object) {
            let mut runs = self.runs.iter();
            for place in &self.places {
                match place {
                    Place::Run => {
                        let run = runs.next().cloned().unwrap_or_default();
                        rows.extend_from_slice(&self.of_object[run]);
                    }
                    Place::Cell(column) => match column.of_row(&cells).unwrap_or(Text::Data("")) {
                        Text::Data(cell) => encode(self.dialect, cell, &mut rows),
                        Text::Json(cell) => {
                            self.json.clear();
                            cell.write_to(&mut self.json);
                            encode_json(&self.json, &mut rows);
                        }
                        Text::Token(word) => rows.extend_from_slice(word.as_bytes()),
                    },
                }
                rows.push(delimiter);
            }
            end_row(&mut rows);
            self.counts.row(cells.row());
        }
        self.rows = rows;
    }

    fn encode_object(&mut self, object: &ObjectChange<'_>) {
        let delimiter = self.dialect.delimiter.byte();
        let bytes = &mut self.of_object;
        bytes.clear();
        self.runs.clear();
        let mut in_run = false;
        for column in &Column::ALL {
            let Some(cell) = column.of_object(object) else {
                in_run = false;
                continue;
            };
            match self.runs.last_mut().filter(|_| in_run) {
                Some(_) => bytes.push(delimiter),
                None => self.runs.push(bytes.len()..bytes.len()),
            }
            encode(self.dialect, &cell, bytes);
            if let Some(run) = self.runs.last_mut() {
                run.end = bytes.len();
            }
            in_run = true;
        }
    }

    pub(super) fn into_bytes(self) -> (Vec<u8>, RowCounts) {
        (self.rows, self.counts)
    }
}

/// Appends `cell` as the dialect wants it, quoted where it must be.
pub(super) fn encode(dialect: Dialect, cell: &str, out: &mut Vec<u8>) {
    let marks = Marks::of(cell.as_bytes());
    let is_suspect = dialect.is_guarded && (marks.nul || may_begin_like_a_formula(cell));
    if !marks.quoted && !is_suspect {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    let cell = Cow::Borrowed(cell);
    let cell = if is_suspect { guarded(cell) } else { cell };
    if marks.quoted {
        quote(cell.as_bytes(), out);
    } else {
        out.extend_from_slice(cell.as_bytes());
    }
}

/// Appends an array or an object: its bracket is the beginning of no formula, and its strings have no NUL.
fn encode_json(cell: &[u8], out: &mut Vec<u8>) {
    if Marks::of(cell).quoted {
        quote(cell, out);
    } else {
        out.extend_from_slice(cell);
    }
}

/// Appends `cell` in quotes.
fn quote(cell: &[u8], out: &mut Vec<u8>) {
    // As many quotes as there may be: those that stay are the first and the last.
    let start = out.len();
    out.resize(start + 1 + 2 * cell.len() + 1, b'"');
    let (_, _, written) = csv_core::quote(cell, &mut out[start + 1..], b'"', b'"', true);
    out.truncate(start + 1 + written + 1);
}

/// Replaces the delimiter behind the last cell of a row.
pub(super) fn end_row(rows: &mut Vec<u8>) {
    rows.pop();
    rows.extend_from_slice(b"\r\n");
}

/// What a cell is quoted for: what RFC 4180 says, and whatever is a delimiter somewhere. A spreadsheet may be told of several
/// at once, and would find a cell that begins behind one.
const QUOTED: [u8; 7] = {
    let [comma, semicolon, tab, pipe] = Delimiter::ALL;
    [b'"', b'\r', b'\n', comma.byte(), semicolon.byte(), tab.byte(), pipe.byte()]
};

/// Whether `cell` holds a byte for which it is quoted, and whether it holds NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marks {
    quoted: bool,
    nul: bool,
}

impl Marks {
    fn of(cell: &[u8]) -> Self {
        let (blocks, rest) = cell.as_chunks::<16>();
        let (mut quoted, mut nul) = (u8x16::ZERO, u8x16::ZERO);
        for block in blocks {
            let block = u8x16::new(*block);
            for byte in QUOTED {
                quoted |= block.simd_eq(u8x16::splat(byte));
            }
            nul |= block.simd_eq(u8x16::ZERO);
        }
        let (mut quoted, mut nul) = (quoted.any(), nul.any());
        for byte in rest {
            quoted |= IS_QUOTED[usize::from(*byte)];
            nul |= *byte == 0;
        }
        Marks { quoted, nul }
    }
}

/// The same byte by byte.
static IS_QUOTED: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < QUOTED.len() {
        table[QUOTED[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether `cell` has to be looked at closely: no other begins like a formula, and most are none of these.
fn may_begin_like_a_formula(cell: &str) -> bool {
    let first = cell.as_bytes().first();
    first.is_some_and(
        |&first| matches!(first, 0..=b' ' | b'\'' | b'=' | b'+' | b'-' | b'@' | b'|' | b'%' | 0x7f..),
    )
}

/// The byte order mark, where there is one, and the header row.
pub(super) fn head(dialect: Dialect, names: &[&str]) -> Vec<u8> {
    let mut head = if dialect.has_bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    head.extend_from_slice(names.join(dialect.delimiter.as_str()).as_bytes());
    head.extend_from_slice(b"\r\n");
    head
}

/// `cell` as a spreadsheet may read it: what it could take for a formula gets a leading `'`, NUL is `␀`.
///
/// The rule can be undone: a cell that begins with `'` and would be guarded without it gets one, too.
#[must_use]
pub fn guarded(cell: Cow<'_, str>) -> Cow<'_, str> {
    let is_dangerous = begins_like_a_formula(cell.trim_start_matches('\''));
    if !is_dangerous && !cell.contains('\0') {
        return cell;
    }
    let visible = cell.replace('\0', "\u{2400}");
    Cow::Owned(if is_dangerous { format!("'{visible}") } else { visible })
}

/// Whether a spreadsheet may take a cell for a formula or a command (OWASP, ASVS 1.2.10, CVE-2021-41270;
/// docs/service.md).
fn begins_like_a_formula(cell: &str) -> bool {
    let ignored = |c: char| c == '\0' || c.is_whitespace() || is_invisible(c);
    cell.starts_with(['\t', '\r', '\n', '\0'])
        || cell
            .trim_start_matches(ignored)
            .starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'])
}

/// A byte order mark, or a character without width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{180e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(cell: &str) -> String {
        guarded(Cow::Borrowed(cell)).into_owned()
    }

    #[test]
    fn what_a_spreadsheet_could_run_is_guarded() {
        for cell in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "|calc",
            "%x",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{feff}=1",
            "\u{200b}\u{a0}=1",
            "\tx",
            "\rx",
            "\nx",
            "'=1",
            "''=1",
            "'\tx",
            "'-",
            "-",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"));
        }
        assert_eq!(guard("\0=1"), "'\u{2400}=1");
        assert_eq!(guard("\0x"), "'\u{2400}x");
    }

    /// The page's script has a guard of its own, which is held to the same (`tests/browser/explore-core.test.js`).
    #[test]
    fn the_corpus_that_both_guards_share_holds() {
        let corpus = include_str!("../../tests/support/guard.json");
        let corpus: Vec<[String; 2]> = serde_json::from_str(corpus).expect("pairs of cells");
        assert!(corpus.len() > 40);
        for [cell, expected] in corpus {
            assert_eq!(guard(&cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn what_is_harmless_stays() {
        for cell in ["", "x=1", "'x", "'", " x", "1-1", "a\tb", "{\"a\":1}", "[-1]"] {
            assert_eq!(guard(cell), cell);
        }
        assert_eq!(guard("a\0b"), "a\u{2400}b");
    }

    #[test]
    fn a_mark_is_found_wherever_it_stands_in_a_cell() {
        for length in [1_usize, 15, 16, 17, 31, 32, 33, 50] {
            for at in 0..length {
                let cell = |byte: u8| {
                    let mut cell = vec![b'x'; length];
                    cell[at] = byte;
                    cell
                };
                for byte in QUOTED {
                    assert_eq!(Marks::of(&cell(byte)), Marks { quoted: true, nul: false }, "{byte} at {at}");
                }
                assert_eq!(Marks::of(&cell(0)), Marks { quoted: false, nul: true });
                assert_eq!(Marks::of(&cell(0xff)), Marks { quoted: false, nul: false });
            }
        }
    }

    #[test]
    fn no_cell_passes_that_a_closer_look_would_guard() {
        let all = (0..=0x2fff_u32).chain(0xfe00..0x1_0000).filter_map(char::from_u32);
        for first in all {
            for cell in [first.to_string(), format!("{first}=1"), format!("'{first}"), format!("{first}x")] {
                let is_let_through = !may_begin_like_a_formula(&cell) && !cell.contains('\0');
                assert!(!is_let_through || guard(&cell) == cell, "{cell:?}");
            }
        }
    }

    #[test]
    fn quotes_are_doubled_and_stand_around() {
        let quoted = |cell: &str| {
            let mut out = b"x".to_vec();
            quote(cell.as_bytes(), &mut out);
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(quoted(""), "x\"\"");
        assert_eq!(quoted("a,b"), "x\"a,b\"");
        assert_eq!(quoted("\"\"a\"é\""), "x\"\"\"\"\"a\"\"é\"\"\"");
    }
}
