//! A sheet of rows, which continues on "(2)" where it is full.
//!
//! How many rows there will be is known before the first, so that all its sheets, tables and filters are
//! made beforehand: rows are then written one behind the other to a temporary file, and nothing of them is
//! kept in memory.

use rust_xlsxwriter::utility::row_col_to_cell as cell_name;
use rust_xlsxwriter::{
    ColNum, ConditionalFormatFormula, DataValidation, Format, IgnoreError, RowNum, Table, TableColumn,
    TableStyle, Url, Workbook, Worksheet, XlsxError,
};

use crate::report::wording::workbook as words;

use super::cells::Rows;
use super::column::Kind;
use super::look::{Look, Way};
use super::page::Value;
use super::paper::{self, Paper};
use super::text;

pub(super) use super::column::Column;

/// How many rows a sheet has, the head among them (Excel specifications and limits, as of a cell's length).
pub(super) const SHEET_ROWS: RowNum = 1_048_576;

/// Up to so many rows a sheet is a native table. The library keeps the place of every cell of a table in
/// memory, some 50 bytes each.
pub(super) const TABLE_ROWS: u64 = 50_000;

/// In points, of one line of the data's font.
const LINE_HEIGHT: f64 = 13.5;

/// In points, above and below the lines of a row that has several.
const ROW_MARGIN: f64 = 2.0;

/// In points, of rows that do not grow: Excel measures every row that has no height when it opens a file,
/// which a million rows are too many for. Not the default height, which would not be written.
const FIXED_HEIGHT: f64 = 15.75;

/// In points, of the head row: two lines.
const HEAD_HEIGHT: f64 = 33.0;

/// Up to so many rows may have a link each. Excel takes no more than 65,530 on a sheet (as above).
pub(super) const SHEET_LINKS: usize = 60_000;

/// What a data sheet is, before its first row.
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// As Excel's names are, without spaces.
    pub(super) table: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) paper: Paper,
    /// How many rows there will be.
    pub(super) rows: u64,
    /// What it says where there are none.
    pub(super) empty: &'static str,
    /// How many rows a sheet has at most, the head among them.
    pub(super) sheet_rows: RowNum,
}

impl Plan {
    /// Whether it is a native table, on one sheet.
    fn is_table(&self) -> bool {
        (1..=TABLE_ROWS).contains(&self.rows) && self.rows < u64::from(self.sheet_rows)
    }
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
    /// Whether it is a table, whose rows are as high as their text, up to a limit.
    grows: bool,
    size: Size,
    /// How a link looks, and the cell behind the last row of a table.
    link: Format,
    end: Format,
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
        let grows = plan.is_table();
        let mut sheets = Vec::new();
        let mut left = plan.rows;
        loop {
            let rows = left.min(u64::from(plan.sheet_rows) - 1);
            let mut sheet = workbook.new_worksheet_with_constant_memory()?;
            sheet.set_name(sheet_name(plan.name, sheets.len() + 1))?;
            set_columns(&mut sheet, look, &plan.columns)?;
            paper::set_up(&mut sheet, plan.paper);
            sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
            if !grows && plan.rows > 0 {
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
        let (size, link, end) = (Size::default(), look.data_link.clone(), look.remark.clone());
        Ok(DataSheet { columns, sheets, present: 0, next_row: 1, sheet_rows, rows, grows, size, link, end })
    }

    /// Writes rows behind those that are there.
    pub(super) fn put(&mut self, rows: &Rows) -> Result<(), XlsxError> {
        for cells in rows.iter() {
            self.put_row(cells)?;
        }
        Ok(())
    }

    /// Writes a row, and in one more cell these words for a place, which are a link to it in a column of links.
    pub(super) fn put_placed<'c>(
        &mut self,
        cells: impl Iterator<Item = (ColNum, Value<'c>)> + Clone,
        column: ColNum,
        (place, shown): (&Place, &str),
    ) -> Result<(), XlsxError> {
        self.write_row(cells)?;
        let (row, sheet) = (self.next_row - 1, &mut self.sheets[self.present]);
        self.size.bytes += MOST_CELL_BYTES + (MOST_LINK_BYTES + shown.len() + place.sheet.len()) as u64;
        if self.columns[usize::from(column)].kind == Kind::Link {
            let link = Url::new(place.address()).set_text(shown);
            sheet.write_url_with_format(row, column, link, &self.link)?;
        } else {
            text::write(sheet, (row, column), shown, None)?;
        }
        self.end_table()
    }

    fn put_row<'c>(
        &mut self,
        cells: impl Iterator<Item = (ColNum, Value<'c>)> + Clone,
    ) -> Result<(), XlsxError> {
        self.write_row(cells)?;
        self.end_table()
    }

    /// Writes a blank row behind the last one of a table: the last row written must not have a height of its own, since
    /// the library would write it a second time (`rust_xlsxwriter` 0.102.0), which Excel takes for damage.
    fn end_table(&mut self) -> Result<(), XlsxError> {
        if self.grows && self.size.rows == self.rows {
            self.sheets[self.present].write_blank(self.next_row, 0, &self.end)?;
        }
        Ok(())
    }

    fn write_row<'c>(
        &mut self,
        cells: impl Iterator<Item = (ColNum, Value<'c>)> + Clone,
    ) -> Result<(), XlsxError> {
        if self.next_row == self.sheet_rows {
            self.present += 1;
            self.next_row = 1;
        }
        let sheet = &mut self.sheets[self.present];
        if self.grows {
            let lines = cells.clone().map(|(column, cell)| match cell {
                Value::Text(text) => self.columns[usize::from(column)].lines_of(text),
                Value::Count(_) | Value::Time(_) => 1,
            });
            let lines = lines.max().unwrap_or(1);
            if lines > 1 {
                sheet.set_row_height(self.next_row, f64::from(lines) * LINE_HEIGHT + ROW_MARGIN)?;
            }
        }
        self.size.bytes += MOST_ROW_BYTES;
        for (column, cell) in cells {
            self.size.bytes += MOST_CELL_BYTES;
            match cell {
                Value::Text(cell) => {
                    text::write(sheet, (self.next_row, column), cell, None)?;
                    self.size.bytes += MOST_BYTES_OF_A_BYTE * cell.len() as u64;
                }
                // In the format of its column. Excel keeps 15 digits, which are more than any count has.
                #[expect(clippy::cast_precision_loss, reason = "what was counted was in memory")]
                Value::Count(count) => sheet.write_number(self.next_row, column, count as f64).map(drop)?,
                Value::Time(days) => sheet.write_number(self.next_row, column, days).map(drop)?,
            }
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

/// The tags of a row, and of a cell with the longest name and number of a format, in bytes.
const MOST_ROW_BYTES: u64 = 128;
const MOST_CELL_BYTES: u64 = 128;
/// What stands around a link and its text, in bytes.
const MOST_LINK_BYTES: usize = 256;
/// U+0001 becomes `_x0001_`, and so the `_` of a literal one.
const MOST_BYTES_OF_A_BYTE: u64 = 7;

/// `Changes`, `Changes (2)`.
fn sheet_name(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name} ({number})") }
}

/// A row of a sheet.
pub(super) struct Place {
    pub(super) sheet: String,
    /// As Excel counts them.
    pub(super) row: u64,
}

impl Place {
    /// Where row `number` of the data called `name`, from 0, stands on sheets of `sheet_rows` rows.
    pub(super) fn of(name: &str, number: u64, sheet_rows: RowNum) -> Self {
        let of_sheet = u64::from(sheet_rows - 1);
        let sheet = usize::try_from(number / of_sheet).expect("a workbook has few sheets");
        Place { sheet: sheet_name(name, sheet + 1), row: number % of_sheet + 2 }
    }

    /// For a link.
    fn address(&self) -> String {
        format!("internal:'{}'!A{}", self.sheet, self.row)
    }
}

fn set_columns(sheet: &mut Worksheet, look: &Look, columns: &[Column]) -> Result<(), XlsxError> {
    for (number, column) in (0..).zip(columns) {
        sheet.set_column_width(number, column.width)?.set_column_format(number, column.format(look))?;
    }
    for (first, last) in runs(columns, |column| column.is_folded) {
        sheet.group_columns_collapsed(first, last)?;
    }
    Ok(())
}

/// The first and the last of each run of columns that are as they are asked for.
fn runs(columns: &[Column], is_meant: impl Fn(&Column) -> bool) -> Vec<(ColNum, ColNum)> {
    let mut runs: Vec<(ColNum, ColNum)> = Vec::new();
    for (number, _) in (0..).zip(columns).filter(|(_, column)| is_meant(column)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// Writes the head row, and makes the `rows` rows below it a table or a range with a filter.
fn write_head(sheet: &mut Worksheet, look: &Look, plan: &Plan, rows: u64) -> Result<(), XlsxError> {
    sheet.set_row_height(0, HEAD_HEIGHT)?;
    let last_row = RowNum::try_from(rows).expect("it is no more than a sheet has");
    let last_column = ColNum::try_from(plan.columns.len() - 1).expect("a sheet of ours has few columns");
    let is_table = plan.is_table();
    if is_table {
        let head = |column: &Column| {
            TableColumn::new().set_header(column.head).set_header_format(column.head_format(look).clone())
        };
        let heads: Vec<TableColumn> = plan.columns.iter().map(head).collect();
        let table = Table::new().set_name(plan.table).set_style(TableStyle::Light1).set_columns(&heads);
        sheet.add_table(0, 0, last_row, last_column, &table)?;
    } else {
        for (number, column) in (0..).zip(&plan.columns) {
            text::write(sheet, (0, number), column.head, Some(column.head_format(look)))?;
        }
    }
    if last_row == 0 {
        return text::write(sheet, (1, 0), plan.empty, Some(&look.remark));
    }
    if !is_table {
        sheet.autofilter(0, 0, last_row, last_column)?;
    }
    colour(sheet, &plan.columns, last_row)?;
    offer_choices(sheet, &plan.columns, last_row)?;
    // `14` as a value of text is what the page has; a green corner on each would cry wolf.
    sheet.ignore_error_range(1, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// Colours words in the columns that are meant: one range of all of them, whose rules Excel applies to what is on the
/// screen; a format for each cell would cost more than its text.
fn colour(sheet: &mut Worksheet, columns: &[Column], last_row: RowNum) -> Result<(), XlsxError> {
    let runs = runs(columns, |column| column.is_coloured);
    let Some(&(first, _)) = runs.first() else { return Ok(()) };
    let ranges: Vec<String> = runs
        .iter()
        .map(|(first, last)| format!("{}:{}", cell_name(1, *first), cell_name(last_row, *last)))
        .collect();
    let top = cell_name(1, first);
    for way in Way::ALL {
        let tests: Vec<String> = way.words().iter().map(|word| format!("{top}=\"{word}\"")).collect();
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=OR({})", tests.join(",")).as_str())
            .set_format(way.format())
            .set_multi_range(ranges.join(" "));
        let (first, last) = runs[0];
        sheet.add_conditional_format(1, first, last_row, last, &rule)?;
    }
    Ok(())
}

/// Where a column is for a choice, a list of what can be chosen; nothing else is taken, so that decisions can be counted.
fn offer_choices(sheet: &mut Worksheet, columns: &[Column], last_row: RowNum) -> Result<(), XlsxError> {
    for (number, column) in (0..).zip(columns) {
        let Kind::Review(choices) = column.kind else { continue };
        if choices.is_empty() {
            continue;
        }
        let list = DataValidation::new()
            .allow_list_strings(choices)?
            .set_input_title(words::DECISION_TITLE)?
            .set_input_message(words::DECISION_MESSAGE)?
            .set_error_title(words::DECISION_TITLE)?
            .set_error_message(words::NO_DECISION)?;
        sheet.add_data_validation(1, number, last_row, number, &list)?;
    }
    Ok(())
}
