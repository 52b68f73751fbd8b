//! `changes.csv`: RFC 4180, safe to open in a spreadsheet unless asked otherwise (contract, section 8).

use std::borrow::Cow;

use csv::{ByteRecord, Terminator, WriterBuilder};

use crate::model::ObjectChange;

use super::Options;
use super::columns::{self, Column};

/// Whether cells are made safe for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// With a byte order mark, which Excel and Windows PowerShell need, and the formula guard.
    Safe,
    /// Without either.
    Raw,
}

impl Dialect {
    pub(super) fn of(options: Options) -> Self {
        if options.csv_raw { Dialect::Raw } else { Dialect::Safe }
    }
}

/// Rows in memory, complete at every moment.
pub(super) struct Table {
    dialect: Dialect,
    writer: csv::Writer<Vec<u8>>,
    record: ByteRecord,
}

impl Table {
    pub(super) fn new(dialect: Dialect) -> Self {
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        Table { dialect, writer, record: ByteRecord::new() }
    }

    /// Appends the rows of `object` and tells how many.
    pub(super) fn push(&mut self, object: &ObjectChange<'_>) -> u64 {
        let mut rows = 0;
        for cells in columns::rows(object) {
            self.record.clear();
            for column in Column::ALL {
                let cell = column.cell(&cells);
                let cell = if self.dialect == Dialect::Safe { guarded(cell) } else { cell };
                self.record.push_field(cell.as_bytes());
            }
            self.write_record();
            rows += 1;
        }
        rows
    }

    fn write_record(&mut self) {
        self.writer.write_byte_record(&self.record).expect("writing to memory cannot fail");
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("writing to memory cannot fail")
    }
}

/// The byte order mark, where there is one, and the header row.
pub(super) fn head(dialect: Dialect) -> Vec<u8> {
    let mut table = Table::new(dialect);
    Column::ALL.iter().for_each(|column| table.record.push_field(column.name.as_bytes()));
    table.write_record();
    let mut head = if dialect == Dialect::Safe { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    head.extend(table.into_bytes());
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
/// `outputs-and-evidence` §A3).
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

    #[test]
    fn what_is_harmless_stays() {
        for cell in ["", "x=1", "'x", "'", " x", "1-1", "a\tb", "{\"a\":1}", "[-1]"] {
            assert_eq!(guard(cell), cell);
        }
        assert_eq!(guard("a\0b"), "a\u{2400}b");
    }
}
