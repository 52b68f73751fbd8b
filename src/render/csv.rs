//! `changes.csv`: RFC 4180, safe to open in a spreadsheet unless asked otherwise (contract, section 8).

use std::borrow::Cow;
use std::ops::Range;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::model::ObjectChange;

use super::columns::{self, Column, Text};
use super::count::RowCounts;
use super::dialect::{Delimiter, Dialect};

/// Rows in memory.
pub(super) struct Table {
    dialect: Dialect,
    rows: Vec<u8>,
    counts: RowCounts,
    /// The cells of the present object that are the same in all its rows, ready to be copied: those of
    /// columns beside each other in one run.
    of_object: Vec<u8>,
    runs: Vec<Range<usize>>,
    /// Cells that need quotes, one behind the other, and how many bytes of them are used.
    quoting: csv::Writer<Vec<u8>>,
    quoted: usize,
}

/// Room for the rows of a chunk, so that they are seldom moved while they grow.
const USUAL_BYTES: usize = 1 << 18;

impl Table {
    pub(super) fn new(dialect: Dialect) -> Self {
        let mut quoting = WriterBuilder::new();
        quoting.quote_style(QuoteStyle::Always).terminator(Terminator::Any(b'\n'));
        Table {
            dialect,
            rows: Vec::with_capacity(USUAL_BYTES),
            counts: RowCounts::default(),
            of_object: Vec::new(),
            runs: Vec::new(),
            quoting: quoting.from_writer(Vec::new()),
            quoted: 0,
        }
    }

    /// Appends the rows of `object`.
    pub(super) fn push(&mut self, object: &ObjectChange<'_>) {
        self.encode_object(object);
        let delimiter = self.dialect.delimiter.byte();
        let mut rows = std::mem::take(&mut self.rows);
        for cells in columns::rows(object) {
            let mut runs = 0;
            let mut in_run = false;
            for column in &Column::ALL {
                if column.is_of_object() {
                    if !in_run {
                        rows.extend_from_slice(&self.of_object[self.runs[runs].clone()]);
                        rows.push(delimiter);
                        runs += 1;
                    }
                    in_run = true;
                    continue;
                }
                in_run = false;
                match column.of_row(&cells) {
                    Text::Data(cell) => self.encode(&cell, &mut rows),
                    Text::Token(word) => rows.extend_from_slice(word.as_bytes()),
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
        let mut bytes = std::mem::take(&mut self.of_object);
        bytes.clear();
        self.runs.clear();
        let mut in_run = false;
        for column in &Column::ALL {
            if let Some(cell) = column.of_object(object) {
                match self.runs.last_mut().filter(|_| in_run) {
                    Some(_) => bytes.push(delimiter),
                    None => self.runs.push(bytes.len()..bytes.len()),
                }
                self.encode(&cell, &mut bytes);
                if let Some(run) = self.runs.last_mut() {
                    run.end = bytes.len();
                }
                in_run = true;
            } else {
                in_run = false;
            }
        }
        self.of_object = bytes;
    }

    /// Appends `cell` as the dialect wants it, quoted where it must be.
    pub(super) fn encode(&mut self, cell: &str, out: &mut Vec<u8>) {
        // Most cells begin with a letter or a digit and hold nothing that matters to any format.
        let begins_plain = cell.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric);
        let marks = marks_of(cell);
        if marks == 0 && (begins_plain || !self.dialect.is_guarded) {
            out.extend_from_slice(cell.as_bytes());
            return;
        }
        let cell = Cow::Borrowed(cell);
        let cell = if self.dialect.is_guarded { guarded(cell) } else { cell };
        if marks & QUOTED == 0 {
            out.extend_from_slice(cell.as_bytes());
        } else {
            self.quote(&cell, out);
        }
    }

    /// Appends `cell` in quotes: a record of one cell, its end cut off.
    fn quote(&mut self, cell: &str, out: &mut Vec<u8>) {
        let written = self.quoting.write_record([cell]).and_then(|()| Ok(self.quoting.flush()?));
        written.expect("writing to memory cannot fail");
        let quoted = &self.quoting.get_ref()[self.quoted..];
        out.extend_from_slice(quoted.strip_suffix(b"\n").unwrap_or(quoted));
        self.quoted += quoted.len();
    }

    pub(super) fn into_bytes(self) -> (Vec<u8>, RowCounts) {
        (self.rows, self.counts)
    }
}

/// Replaces the delimiter behind the last cell of a row.
pub(super) fn end_row(rows: &mut Vec<u8>) {
    rows.pop();
    rows.extend_from_slice(b"\r\n");
}

/// The mark of a byte for which its cell is quoted.
const QUOTED: u8 = 1;
/// The mark of NUL.
const NUL: u8 = 2;

/// The mark of each byte.
type Marks = [u8; 256];

/// What RFC 4180 wants quotes for, and whatever is a delimiter somewhere: a spreadsheet may be told of several at once,
/// and would find a cell that begins behind it.
static MARKS: Marks = {
    let mut marks = [0; 256];
    marks[b'"' as usize] = QUOTED;
    marks[b'\r' as usize] = QUOTED;
    marks[b'\n' as usize] = QUOTED;
    marks[0] = NUL;
    let mut delimiter = 0;
    while delimiter < Delimiter::ALL.len() {
        marks[Delimiter::ALL[delimiter].byte() as usize] = QUOTED;
        delimiter += 1;
    }
    marks
};

/// Which of the marks the bytes of `cell` have.
fn marks_of(cell: &str) -> u8 {
    cell.bytes().fold(0, |marks, byte| marks | MARKS[usize::from(byte)])
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
}
