//! A sheet of rows, which continues on "(2)" where it is full.
//!
//! How many rows there will be is known before the first, so that all its sheets, tables and filters are
//! made beforehand: rows are then written one behind the other to a temporary file, and nothing of them is
//! kept in memory.

use rust_xlsxwriter::{
    ColNum, ConditionalFormatFormula, IgnoreError, RowNum, Table, TableColumn, TableStyle, Workbook,
    Worksheet, XlsxError,
};

use super::cells::Rows;
use super::look::Look;
use super::page::{self, Paper};
use super::text;

/// How many rows a sheet has, the head among them (Excel specifications and limits, as of a cell's length).
pub(super) const SHEET_ROWS: RowNum = 1_048_576;

/// Up to so many rows a sheet is a native table. The library keeps the place of every cell of a table in
/// memory, some 50 bytes each.
pub(super) const TABLE_ROWS: u64 = 50_000;

/// What wraps is shown up to so many lines; the cell has all. LibreOffice does not measure the rows of a file
/// it opens, so that heights are written here.
const SHOWN_LINES: usize = 6;

/// In points, of one line of the data's font.
const LINE_HEIGHT: f64 = 13.5;

/// In points, above and below the lines of a row that has several.
const ROW_MARGIN: f64 = 2.0;

/// In points, of rows that do not grow: Excel measures every row that has no height when it opens a file,
/// which a million rows are too many for. Not the default height, which would not be written.
const FIXED_HEIGHT: f64 = 15.75;

/// In points, of the head row: two lines.
const HEAD_HEIGHT: f64 = 33.0;

/// Every second row is shaded. A rule for the whole sheet, which Excel applies to what is on the screen; a
/// format for each cell would cost more than its text, and LibreOffice does not draw a table's own bands.
const BANDS: &str = "=MOD(ROW(),2)=1";

/// A column of a data sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    head: &'static str,
    /// In characters.
    width: u16,
    wraps: bool,
    /// Whether its cells are numbers to reckon with.
    counts: bool,
}

impl Column {
    /// A column of words that are never long.
    pub(super) const fn of_words(head: &'static str, width: u16) -> Self {
        Column { head, width, wraps: false, counts: false }
    }

    /// A column of counts.
    pub(super) const fn of_counts(head: &'static str, width: u16) -> Self {
        Column { head, width, wraps: false, counts: true }
    }

    /// A column of whatever the data holds.
    pub(super) const fn of_text(head: &'static str, width: u16) -> Self {
        Column { head, width, wraps: true, counts: false }
    }
}

impl Column {
    /// How many lines of `text` are shown, going by its characters: a little more than most fonts need.
    fn lines_of(self, text: &str) -> u16 {
        if !self.wraps || (text.len() <= usize::from(self.width) && !text.contains('\n')) {
            return 1;
        }
        let width = usize::from(self.width);
        let lines = text.split('\n').map(|part| part.chars().count().div_ceil(width).max(1));
        let mut shown = 0;
        for lines in lines {
            shown += lines;
            if shown >= SHOWN_LINES {
                break;
            }
        }
        u16::try_from(shown.min(SHOWN_LINES)).expect("a few lines")
    }
}

/// What a data sheet is, before its first row.
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// As Excel's names are, without spaces.
    pub(super) table: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) paper: Paper,
    /// The column that is printed on every page, where the sheet is wider than one.
    pub(super) repeated: Option<ColNum>,
    /// How many rows there will be.
    pub(super) rows: u64,
    /// What it says where there are none.
    pub(super) empty: &'static str,
    /// How many rows a sheet has at most, the head among them.
    pub(super) sheet_rows: RowNum,
}

/// A sheet of rows, and those it continues on.
pub(super) struct DataSheet {
    columns: Vec<Column>,
    sheets: Vec<Worksheet>,
    /// The sheet that is being written.
    present: usize,
    next_row: RowNum,
    sheet_rows: RowNum,
    /// How many rows there will be on all of them.
    rows: u64,
    /// Whether rows are as high as their text, up to a limit.
    grows: bool,
    size: Size,
}

/// What was written so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) rows: u64,
    /// An upper bound of the bytes of all sheets.
    pub(super) bytes: u64,
}

impl DataSheet {
    pub(super) fn begin(workbook: &mut Workbook, look: &Look, plan: Plan) -> Result<Self, XlsxError> {
        let grows = plan.rows <= TABLE_ROWS;
        let mut sheets = Vec::new();
        let mut left = plan.rows;
        loop {
            let rows = left.min(u64::from(plan.sheet_rows) - 1);
            let mut sheet = workbook.new_worksheet_with_constant_memory()?;
            sheet.set_name(sheet_name(plan.name, sheets.len() + 1))?;
            set_columns(&mut sheet, look, &plan.columns)?;
            page::set_up_printing(&mut sheet, plan.paper);
            sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
            if let Some(column) = plan.repeated {
                sheet.set_repeat_columns(column, column)?;
            }
            if !grows {
                sheet.set_default_row_height(FIXED_HEIGHT);
            }
            write_head(&mut sheet, look, &plan, rows)?;
            sheets.push(sheet);
            left -= rows;
            if left == 0 {
                break;
            }
        }
        let Plan { columns, sheet_rows, rows, .. } = plan;
        let size = Size::default();
        Ok(DataSheet { columns, sheets, present: 0, next_row: 1, sheet_rows, rows, grows, size })
    }

    /// Writes rows behind those that are there.
    pub(super) fn put(&mut self, rows: &Rows) -> Result<(), XlsxError> {
        for cells in rows.iter() {
            self.put_row(cells)?;
        }
        Ok(())
    }

    fn put_row<'c>(
        &mut self,
        cells: impl Iterator<Item = (ColNum, &'c str)> + Clone,
    ) -> Result<(), XlsxError> {
        if self.next_row == self.sheet_rows {
            self.present += 1;
            self.next_row = 1;
        }
        let sheet = &mut self.sheets[self.present];
        // The last row must not have a height of its own: the library would write it a second time
        // (`rust_xlsxwriter` 0.102.0), and Excel takes that for damage.
        let is_last = self.size.rows + 1 == self.rows || self.next_row + 1 == self.sheet_rows;
        if self.grows && !is_last {
            let lines = cells.clone().map(|(column, text)| self.columns[usize::from(column)].lines_of(text));
            let lines = lines.max().unwrap_or(1);
            if lines > 1 {
                sheet.set_row_height(self.next_row, f64::from(lines) * LINE_HEIGHT + ROW_MARGIN)?;
            }
        }
        self.size.bytes += MOST_ROW_BYTES;
        for (column, cell) in cells {
            if self.columns[usize::from(column)].counts {
                write_count(sheet, (self.next_row, column), cell)?;
            } else {
                text::write(sheet, (self.next_row, column), cell, None)?;
            }
            self.size.bytes += MOST_CELL_BYTES + MOST_BYTES_OF_A_BYTE * cell.len() as u64;
        }
        self.next_row += 1;
        self.size.rows += 1;
        Ok(())
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    /// The sheets, in order.
    pub(super) fn into_sheets(self) -> Vec<Worksheet> {
        self.sheets
    }
}

/// Writes the digits of a count as a number; what is none stays text.
fn write_count(
    sheet: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    digits: &str,
) -> Result<(), XlsxError> {
    match digits.parse::<u32>() {
        Ok(count) => sheet.write_number(row, column, count).map(drop),
        Err(_) => text::write(sheet, (row, column), digits, None),
    }
}

/// The tags of a row, and of a cell with the longest name and number of a format, in bytes.
const MOST_ROW_BYTES: u64 = 128;
const MOST_CELL_BYTES: u64 = 128;
/// U+0001 becomes `_x0001_`, and so the `_` of a literal one.
const MOST_BYTES_OF_A_BYTE: u64 = 7;

/// `Changes`, `Changes (2)`.
fn sheet_name(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name} ({number})") }
}

fn set_columns(sheet: &mut Worksheet, look: &Look, columns: &[Column]) -> Result<(), XlsxError> {
    for (number, column) in (0..).zip(columns) {
        let format = if column.wraps { &look.data_wrapped } else { &look.data };
        sheet.set_column_width(number, column.width)?.set_column_format(number, format)?;
    }
    Ok(())
}

/// Writes the head row, and makes the `rows` rows below it a table or a range with a filter.
fn write_head(sheet: &mut Worksheet, look: &Look, plan: &Plan, rows: u64) -> Result<(), XlsxError> {
    sheet.set_row_height(0, HEAD_HEIGHT)?;
    let last_row = RowNum::try_from(rows).expect("it is no more than a sheet has");
    let last_column = ColNum::try_from(plan.columns.len() - 1).expect("a sheet of ours has few columns");
    let is_table = (1..=TABLE_ROWS).contains(&plan.rows) && u64::from(last_row) == plan.rows;
    if is_table {
        let head = |column: &Column| {
            TableColumn::new().set_header(column.head).set_header_format(look.data_head.clone())
        };
        let heads: Vec<TableColumn> = plan.columns.iter().map(head).collect();
        let table = Table::new().set_name(plan.table).set_style(TableStyle::None).set_columns(&heads);
        sheet.add_table(0, 0, last_row, last_column, &table)?;
    } else {
        for (number, column) in (0..).zip(&plan.columns) {
            text::write(sheet, (0, number), column.head, Some(&look.data_head))?;
        }
    }
    if last_row == 0 {
        return text::write(sheet, (1, 0), plan.empty, Some(&look.remark));
    }
    if !is_table {
        sheet.autofilter(0, 0, last_row, last_column)?;
    }
    let bands = ConditionalFormatFormula::new().set_rule(BANDS).set_format(look.band.clone());
    sheet.add_conditional_format(1, 0, last_row, last_column, &bands)?;
    // `14` as a value of text is what the page has; a green corner on each would cry wolf.
    sheet.ignore_error_range(1, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}
