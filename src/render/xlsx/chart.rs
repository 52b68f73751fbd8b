//! The one chart: the numbers of the first matrix as bars, by references to its cells. The library writes the
//! numbers and names it finds there beside them, for whoever shows it without calculating.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, ColNum, RowNum, XlsxError,
};

use crate::report::Matrix;
use crate::report::wording::workbook as words;

use super::look;
use super::page::Page;

/// How many types have a bar, and for how many there is room at least.
const TYPES: usize = 15;
const FEWEST: usize = 5;

/// What stands around the bars, in rows of the page: title, axis and legend.
const AROUND: usize = 5;

/// The column at which it begins where a matrix is no wider: a type, three actions, all of them and the failed ones.
const COLUMN: usize = 6;

/// In pixels: six columns of the page, less a margin.
const WIDTH: u32 = 696;
const ROW_HEIGHT: u32 = 21;

/// How many rows of the page the chart of a matrix takes.
pub(super) fn rows_of(matrix: &Matrix<'_>) -> usize {
    AROUND + matrix.lines.len().clamp(FEWEST, TYPES)
}

/// Draws the chart of a matrix whose head stands in row `head` from row `top` on beside it, or below where it is too wide,
/// and moves the page on behind both.
pub(super) fn beside(
    page: &mut Page<'_>,
    matrix: &Matrix<'_>,
    (top, head): (RowNum, RowNum),
) -> Result<(), XlsxError> {
    let is_narrow = matrix.actions.len() + 2 + usize::from(matrix.shows_failed) <= COLUMN;
    if !is_narrow {
        page.keep(rows_of(matrix) + 1);
    }
    let place = if is_narrow { (top, COLUMN) } else { (page.rows() + 1, 0) };
    let (chart, rows) = of(matrix, head);
    page.chart(&chart, place, rows)
}

/// A chart of a matrix whose head stands in row `head`, and how many rows it takes.
fn of(matrix: &Matrix<'_>, head: RowNum) -> (Chart, RowNum) {
    let types = RowNum::try_from(matrix.lines.len().min(TYPES)).expect("a few");
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
    chart.set_width(WIDTH).set_height(rows * ROW_HEIGHT - 8).set_alt_text(words::CHART_IN_WORDS);
    (chart, rows)
}
