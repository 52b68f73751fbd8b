//! The one chart: the numbers of a matrix that is small enough to be drawn as bars, by references to its cells. The library writes the
//! numbers and names it finds there beside them, for whoever shows it without calculating.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, ColNum, RowNum, XlsxError,
};

use crate::report::Matrix;
use crate::report::wording::workbook as words;

use super::look;
use super::page::Page;

/// For how many types there is room at least.
const FEWEST: usize = 5;

/// What stands around the bars, in rows of the page: title, axis and legend.
const AROUND: usize = 5;

/// The column at which it begins where a matrix is no wider: a type, three actions, all of them and the failed ones.
const COLUMN: usize = 6;

/// In pixels: six columns of the page, less a margin.
const WIDTH: u32 = 696;
const ROW_HEIGHT: u32 = 21;

/// A matrix that is small enough to be drawn, and the table that has its numbers.
pub(super) struct Drawn<'m, 'e> {
    pub(super) matrix: &'m Matrix<'e>,
    pub(super) table: &'static str,
    /// In which row the table's head stands.
    pub(super) head: RowNum,
}

/// How many rows of the page the chart of a matrix takes.
pub(super) fn rows_of(drawn: &Matrix<'_>) -> usize {
    AROUND + drawn.lines.len().max(FEWEST)
}

/// Draws a chart from row `top` on beside `matrix`, of which it shows the numbers, or below where that is too wide, and moves
/// the page on behind both.
pub(super) fn beside(
    page: &mut Page<'_>,
    matrix: &Matrix<'_>,
    drawn: &Drawn<'_, '_>,
    top: RowNum,
) -> Result<(), XlsxError> {
    let is_narrow = matrix.actions.len() + 2 + usize::from(matrix.shows_failed) <= COLUMN;
    if !is_narrow {
        page.keep(rows_of(drawn.matrix) + 1);
    }
    let place = if is_narrow { (top, COLUMN) } else { (page.rows() + 1, 0) };
    let (chart, rows) = of(drawn);
    page.chart(&chart, place, rows)
}

/// The chart, and how many rows it takes.
fn of(drawn: &Drawn<'_, '_>) -> (Chart, RowNum) {
    let &Drawn { matrix, table, head } = drawn;
    let types = RowNum::try_from(matrix.lines.len()).expect("a few");
    let (first, last) = (head + 1, head + types);
    let mut chart = Chart::new(ChartType::BarStacked);
    let small = || ChartFont::new().set_size(9).set_color(look::INK).clone();
    for (number, column) in (1..).take(matrix.actions.len()).enumerate() {
        let column: ColNum = column;
        chart
            .add_series()
            .set_categories((words::SUMMARY, first, 0, last, 0))
            .set_values((words::SUMMARY, first, column, last, column))
            .set_name((words::SUMMARY, head, column))
            .set_format(ChartSolidFill::new().set_color(look::SERIES[number % look::SERIES.len()]))
            .set_gap(40)
            .set_overlap(100);
    }
    chart.title().set_name(words::CHART).set_font(ChartFont::new().set_size(11).set_color(look::HEAD));
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small());
    // Of bars, the types stand at the library's vertical axis. The first is on top.
    chart.y_axis().set_reverse().set_font(small().set_size(8)).set_label_interval(1);
    let lines = ChartLine::new().set_color(look::LINE).clone();
    chart
        .x_axis()
        .set_font(&small())
        .set_num_format("#,##0")
        .set_major_gridlines(true)
        .set_major_gridlines_line(&lines);
    let rows = RowNum::try_from(rows_of(matrix)).expect("a few");
    chart.set_width(WIDTH).set_height(rows * ROW_HEIGHT - 8).set_alt_text(words::chart_in_words(table));
    (chart, rows)
}
