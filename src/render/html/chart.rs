//! The numbers of a matrix as bars: a line for each type, a column for each action, the count beside each bar.
//!
//! Which action a bar is of tells its column, and how many objects its number: nothing is told by a colour. What
//! is drawn is made of rectangles and text with attributes alone, since the page's policy allows no styles there.

use crate::model::{EntityType, Function};
use crate::report::wording::{self, chart as words};
use crate::report::{Line, Report};

use super::text::Label;

/// How many characters of a type's and of an action's name stand in the drawing.
const TYPE_CHARACTERS: usize = 28;
const ACTION_CHARACTERS: usize = 14;

/// How wide the drawing is, of which its types take so much, all in its own units.
const WIDTH: u64 = 560;
const TYPES_WIDTH: u64 = 200;

/// How high a line is, and the heads of the columns; how far above its lower edge text stands.
const LINE_HEIGHT: u64 = 22;
const TEXT_RISE: u64 = 7;

/// How high a bar is, and what stands above it.
const BAR_HEIGHT: u64 = 12;
const BAR_DROP: u64 = 5;

/// What a column leaves to the number behind its bar, which may have seven digits.
const COUNT_WIDTH: u64 = 62;

/// The drawing of a function's numbers.
pub(super) struct ChartPart<'v> {
    /// What its title and its description are found by.
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) description: &'static str,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) heads: Vec<LabelPart<'v>>,
    pub(super) lines: Vec<LinePart<'v>>,
}

/// A text and where it stands.
pub(super) struct LabelPart<'v> {
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) text: Label<'v>,
}

/// A type with its bars.
pub(super) struct LinePart<'v> {
    pub(super) name: LabelPart<'v>,
    pub(super) rule: u64,
    pub(super) bars: Vec<BarPart>,
}

/// A bar, and the number behind it.
pub(super) struct BarPart {
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) count_x: u64,
    pub(super) count_y: u64,
    pub(super) count: String,
}

/// The drawing of the numbers of `function`.
pub(super) fn chart<'v>(report: &'v Report<'_>, function: Function) -> ChartPart<'v> {
    let matrix = report.drawn_matrix(function);
    let columns = matrix.actions.len().max(1) as u64;
    let scale = Scale {
        column: (WIDTH - TYPES_WIDTH) / columns,
        most: matrix.lines.iter().flat_map(|line| &line.cells).map(|cell| cell.objects).max().unwrap_or(1),
    };
    let head = |(column, action)| LabelPart {
        x: scale.start_of(column),
        y: LINE_HEIGHT - TEXT_RISE,
        text: Label::new(wording::column_of(action), ACTION_CHARACTERS),
    };
    let name = |entity_type: Option<&'v EntityType>| match entity_type {
        Some(entity_type) => Label::new(entity_type.as_str(), TYPE_CHARACTERS),
        None => Label::new(words::other_types(matrix.other_types), TYPE_CHARACTERS),
    };
    let line = |(above, line): (u64, &Line<'v>)| LinePart {
        name: LabelPart { x: 0, y: above + LINE_HEIGHT - TEXT_RISE, text: name(line.entity_type) },
        rule: above,
        bars: scale.bars(above, line),
    };
    ChartPart {
        id: function.as_str(),
        title: words::title(function),
        description: words::DESCRIPTION,
        width: WIDTH,
        height: LINE_HEIGHT * (matrix.lines.len() as u64 + 1),
        heads: (0..).zip(matrix.actions.iter().copied()).map(head).collect(),
        lines: (1..).map(|line| line * LINE_HEIGHT).zip(&matrix.lines).map(line).collect(),
    }
}

/// How long bars are.
#[derive(Clone, Copy)]
struct Scale {
    /// How wide a column is.
    column: u64,
    /// What the longest bar stands for.
    most: u64,
}

impl Scale {
    fn start_of(self, column: u64) -> u64 {
        TYPES_WIDTH + column * self.column
    }

    /// The bars of a line that begins at `above`; where there is nothing, none.
    fn bars(self, above: u64, line: &Line<'_>) -> Vec<BarPart> {
        let some = |(_, objects): &(u64, u64)| *objects > 0;
        let bar = |(column, objects): (u64, u64)| {
            let (x, width) = (self.start_of(column), self.length(objects));
            BarPart {
                x,
                y: above + BAR_DROP,
                width,
                height: BAR_HEIGHT,
                count_x: x + width + 5,
                count_y: above + LINE_HEIGHT - TEXT_RISE,
                count: wording::number(objects),
            }
        };
        (0..).zip(line.cells.iter().map(|cell| cell.objects)).filter(some).map(bar).collect()
    }

    /// How long the bar of so many objects is: one can be seen of any number.
    fn length(self, objects: u64) -> u64 {
        let room = u128::from(self.column.saturating_sub(COUNT_WIDTH));
        let length = room * u128::from(objects) / u128::from(self.most.max(1));
        u64::try_from(length).unwrap_or(u64::MAX).max(2)
    }
}
