//! A sheet to be read from top to bottom: headings, labels with their values, small tables.

use rust_xlsxwriter::{
    Chart, ColNum, ConditionalFormatDataBar, Format, RowNum, Url, Workbook, Worksheet, XlsxError,
};

use super::look::{self, Look};
use super::paper::{self, Pages, Paper};
use super::text;

/// In points, of a line of text.
const LINE_HEIGHT: f64 = 15.0;

/// In points, of a row of one line.
const ROW_HEIGHT: f64 = LINE_HEIGHT + ROW_MARGIN;
const ROW_MARGIN: f64 = 0.75;

/// Up to this row each has a height of its own, so that pages end where they are expected to, whatever measures rows. It
/// is kept in memory until the end, and there may be many inputs.
const MEASURED_ROWS: RowNum = 10_000;

/// In points, of a row between two parts.
const GAP: f64 = 9.0;

/// How many rows below a heading stand on the same printed page, and how many do at most.
const HEADED: usize = 3;
const MOST_HEADED: usize = 25;

/// The highest row there is, in points (Excel specifications and limits).
const HIGHEST: f64 = 409.0;

/// What stands in a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'v> {
    Text(&'v str),
    Count(u64),
    /// A point in time as Excel counts it, in UTC.
    Time(f64),
}

/// A sheet that grows downwards.
pub(super) struct Page<'l> {
    sheet: Worksheet,
    look: &'l Look,
    row: RowNum,
    /// In characters, of each column.
    widths: Vec<u16>,
    pages: Pages,
    /// Where all of a text stands that is cut here.
    whole_in: &'static str,
}

impl<'l> Page<'l> {
    /// A page with this name, and where all of a text stands that is cut on it.
    pub(super) fn begin(
        workbook: &mut Workbook,
        look: &'l Look,
        name: (&str, &'static str),
        widths: Vec<u16>,
    ) -> Result<Self, XlsxError> {
        Page::on(workbook.new_worksheet_with_constant_memory()?, look, name, widths)
    }

    /// A page that is kept in memory until the end, so that a chart on it can be given the numbers it shows: what
    /// draws a chart without calculating has no others. For a sheet that does not grow.
    pub(super) fn begin_held(
        look: &'l Look,
        name: (&str, &'static str),
        widths: Vec<u16>,
    ) -> Result<Self, XlsxError> {
        Page::on(Worksheet::new(), look, name, widths)
    }

    fn on(
        mut sheet: Worksheet,
        look: &'l Look,
        (name, whole_in): (&str, &'static str),
        widths: Vec<u16>,
    ) -> Result<Self, XlsxError> {
        sheet.set_name(name)?.set_screen_gridlines(false);
        for (number, &width) in (0..).zip(&widths) {
            sheet.set_column_width(number, width)?;
        }
        paper::set_up(&mut sheet, Paper::Small);
        let pages = Pages::of(&widths, Paper::Small);
        Ok(Page { sheet, look, row: 0, widths, pages, whole_in })
    }

    /// The finished sheet. Its last row must not have a height of its own: the library would write the row a
    /// second time (`rust_xlsxwriter` 0.102.0), and Excel takes that for damage.
    pub(super) fn into_sheet(mut self) -> Result<Worksheet, XlsxError> {
        self.sheet.write_blank(self.row, 0, &self.look.remark)?;
        self.pages.set_breaks(&mut self.sheet)?;
        Ok(self.sheet)
    }

    /// How many rows there are so far.
    pub(super) fn rows(&self) -> RowNum {
        self.row
    }

    fn last_column(&self) -> ColNum {
        column_of(self.widths.len() - 1)
    }

    /// The row is finished, and is so high.
    fn end_row(&mut self, height: f64) {
        self.pages.took(self.row, height);
        self.row += 1;
    }

    /// The same of a row that heads what comes next.
    fn end_head(&mut self, height: f64) {
        self.pages.took_head(self.row, height);
        self.row += 1;
    }

    pub(super) fn gap(&mut self) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, GAP)?;
        self.end_row(GAP);
        Ok(())
    }

    /// The next `rows` rows, of a line each, stand on one printed page where one holds them.
    pub(super) fn keep(&mut self, rows: usize) {
        let rows = RowNum::try_from(rows.min(MOST_HEADED)).expect("a few rows");
        self.pages.keep(self.row, f64::from(rows) * ROW_HEIGHT);
    }

    /// A line across the page.
    pub(super) fn line(&mut self, words: &str, format: &Format, size: f64) -> Result<(), XlsxError> {
        let height = self.height_of(words, 0, size);
        self.sheet.set_row_height(self.row, height)?;
        self.across(0, words, format)?;
        self.end_row(height);
        Ok(())
    }

    pub(super) fn heading(&mut self, words: &str) -> Result<(), XlsxError> {
        self.heading_of(words, HEADED)
    }

    /// A heading that stands on one printed page with the first `rows` rows below it.
    pub(super) fn heading_of(&mut self, words: &str, rows: usize) -> Result<(), XlsxError> {
        self.keep(rows + 2);
        self.sheet.set_row_height(self.row, GAP)?;
        self.end_head(GAP);
        let (look, height) = (self.look, self.height_of(words, 0, 13.0));
        self.sheet.set_row_height(self.row, height)?;
        self.across(0, words, &look.heading)?;
        self.end_head(height);
        Ok(())
    }

    pub(super) fn remark(&mut self, words: &str) -> Result<(), XlsxError> {
        let look = self.look;
        self.line(words, &look.remark_wrapped, 11.0)
    }

    /// A label, and its value across the rest of the page.
    pub(super) fn labelled(&mut self, label: &str, value: &str) -> Result<(), XlsxError> {
        let look = self.look;
        self.labelled_as(label, value, &look.value)
    }

    /// As [`labelled`](Self::labelled), with a look of its own for the value.
    pub(super) fn labelled_as(&mut self, label: &str, value: &str, format: &Format) -> Result<(), XlsxError> {
        let beside = points(lines_of(label, f64::from(self.widths[0]), 11.0), 11.0);
        let height = self.height_of(value, 1, 11.0).max(beside);
        self.sheet.set_row_height(self.row, height)?;
        self.write(0, label, &self.look.label)?;
        self.across(1, value, format)?;
        self.end_row(height);
        Ok(())
    }

    /// The names of sheets of ours beside one another, each a link that says what the sheet is for.
    pub(super) fn tabs(&mut self, sheets: &[(&str, &str)]) -> Result<(), XlsxError> {
        for (column, (sheet, value)) in sheets.iter().enumerate() {
            let (column, link) = (column_of(column), link_to(sheet).set_tip(*value));
            self.sheet.write_url_with_format(self.row, column, link, &self.look.tab)?;
        }
        self.sheet.set_row_height(self.row, ROW_HEIGHT)?;
        self.end_row(ROW_HEIGHT);
        Ok(())
    }

    /// The name of a sheet of ours as a link to it, and what it is for.
    pub(super) fn link(&mut self, sheet: &str, value: &str) -> Result<(), XlsxError> {
        let look = self.look;
        let height = self.height_of(value, 1, 11.0);
        self.sheet.set_row_height(self.row, height)?;
        self.sheet.write_url_with_format(self.row, 0, link_to(sheet), &look.link)?;
        self.across(1, value, &look.value)?;
        self.end_row(height);
        Ok(())
    }

    /// A drawing over `rows` rows from a cell on; what follows stands below it.
    pub(super) fn chart(
        &mut self,
        chart: &Chart,
        (row, column): (RowNum, usize),
        rows: RowNum,
    ) -> Result<(), XlsxError> {
        self.sheet.insert_chart_with_offset(row, column_of(column), chart, 4, 0)?;
        while self.row < row + rows {
            self.sheet.set_row_height(self.row, ROW_HEIGHT)?;
            self.end_row(ROW_HEIGHT);
        }
        Ok(())
    }

    /// A row of a table of times: what it is, as a date and as it was written, of what. The first two take two columns each.
    pub(super) fn time(
        &mut self,
        [said, written, of]: [&str; 3],
        days: Option<f64>,
    ) -> Result<(), XlsxError> {
        let look = self.look;
        self.write(0, said, &look.cell)?;
        self.sheet.merge_range(self.row, 1, self.row, 2, "", &look.time)?;
        if let Some(days) = days {
            self.sheet.write_number_with_format(self.row, 1, days, &look.time)?;
        }
        self.sheet.merge_range(self.row, 3, self.row, 4, "", &look.cell)?;
        self.write(3, written, &look.cell)?;
        self.across(5, of, &look.cell)?;
        self.sheet.set_row_height(self.row, ROW_HEIGHT)?;
        self.end_row(ROW_HEIGHT);
        Ok(())
    }

    /// Bars in the numbers of a table: rows and columns from and to, these included.
    pub(super) fn bars(&mut self, rows: (RowNum, RowNum), columns: (usize, usize)) -> Result<(), XlsxError> {
        // Their least value is 0 by itself; a stated one would be a formula in the sheet.
        let bars = ConditionalFormatDataBar::new().set_fill_color(look::BAR).set_solid_fill(true);
        let (first, last) = (column_of(columns.0), column_of(columns.1));
        self.sheet.add_conditional_format(rows.0, first, rows.1, last, &bars)?;
        Ok(())
    }

    /// The head row of a small table, its first column text, the others numbers where `numbers` says so. The
    /// last text goes across the rest of the page.
    pub(super) fn heads(&mut self, heads: &[(&str, bool)]) -> Result<(), XlsxError> {
        let look = self.look;
        let last = heads.len() - 1;
        let lines = heads.iter().enumerate().map(|(column, (head, is_number))| {
            let is_across = column == last && !is_number;
            let end = if is_across { self.widths.len() } else { column + 1 };
            let width: u16 = self.widths[column..end].iter().sum();
            lines_of(head, f64::from(width), 11.5)
        });
        let lines = lines.max().unwrap_or(1);
        let height = points(lines, 11.0);
        self.sheet.set_row_height(self.row, height)?;
        for (column, (head, is_number)) in heads.iter().enumerate() {
            let format = if *is_number { &look.head_number } else { &look.head };
            if column == last && !is_number {
                self.across(column, head, format)?;
            } else {
                self.write(column, head, format)?;
            }
        }
        self.end_head(height);
        Ok(())
    }

    /// A row of a small table; a last text goes across the rest of the page.
    pub(super) fn cells(&mut self, cells: &[Value<'_>], is_total: bool) -> Result<(), XlsxError> {
        let look = self.look;
        let (words, number) =
            if is_total { (&look.total, &look.total_number) } else { (&look.cell, &look.number) };
        let mut height = ROW_HEIGHT;
        let last = cells.len() - 1;
        for (column, cell) in cells.iter().enumerate() {
            let Value::Text(text) = cell else { continue };
            let own = if column == last {
                self.height_of(text, column, 11.0)
            } else {
                points(lines_of(text, f64::from(self.widths[column]), 11.0), 11.0)
            };
            height = height.max(own);
        }
        if height > ROW_HEIGHT || self.row < MEASURED_ROWS {
            self.sheet.set_row_height(self.row, height)?;
        }
        for (column, cell) in cells.iter().enumerate() {
            match cell {
                Value::Text(text) if column == last => self.across(column, text, words)?,
                Value::Text(text) => self.write(column, text, words)?,
                Value::Count(count) => self.write_count(column, *count, number)?,
                Value::Time(days) => {
                    let column = column_of(column);
                    self.sheet.write_number_with_format(self.row, column, *days, &look.time)?;
                }
            }
        }
        self.end_row(height);
        Ok(())
    }

    /// Text from `first` to the page's right end.
    fn across(&mut self, first: usize, words: &str, format: &Format) -> Result<(), XlsxError> {
        let last = self.last_column();
        if column_of(first) < last {
            self.sheet.merge_range(self.row, column_of(first), self.row, last, "", format)?;
        }
        self.write(first, words, format)
    }

    fn write(&mut self, column: usize, words: &str, format: &Format) -> Result<(), XlsxError> {
        let words = text::fit(words, self.whole_in);
        text::write(&mut self.sheet, (self.row, column_of(column)), &words, Some(format))
    }

    fn write_count(&mut self, column: usize, count: u64, format: &Format) -> Result<(), XlsxError> {
        // Excel keeps 15 digits, which are more than any count of things that were read has.
        #[expect(clippy::cast_precision_loss, reason = "what was counted was in memory")]
        self.sheet.write_number_with_format(self.row, column_of(column), count as f64, format)?;
        Ok(())
    }

    fn height_of(&self, words: &str, first: usize, size: f64) -> f64 {
        let width: u16 = self.widths[first..].iter().sum();
        points(lines_of(words, f64::from(width), size), size)
    }
}

/// A link to the first cell of a sheet, shown as the sheet's name.
fn link_to(sheet: &str) -> Url {
    Url::new(format!("internal:'{sheet}'!A1")).set_text(sheet)
}

/// How many lines `words` take in columns of `width` characters, in a font of `size` points.
fn lines_of(words: &str, width: f64, size: f64) -> usize {
    let per_line = (width * 11.0 / size * 1.1).max(1.0);
    #[expect(clippy::cast_precision_loss, reason = "a text's length")]
    let lines = |part: &str| (part.chars().count() as f64 / per_line).ceil().max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at least 1")]
    words.split('\n').map(|part| lines(part) as usize).sum()
}

fn points(lines: usize, size: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let height = lines as f64 * LINE_HEIGHT * size / 11.0;
    (height + ROW_MARGIN).min(HIGHEST)
}

fn column_of(column: usize) -> ColNum {
    ColNum::try_from(column).expect("a sheet of ours has few columns")
}
