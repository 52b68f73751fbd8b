//! How a sheet is printed: landscape, one page wide, its pages numbered; and which lines of a sheet that is read from top to
//! bottom begin a page, so that none ends between a heading and what it heads, or within a chart.

use rust_xlsxwriter::{RowNum, Worksheet, XlsxError};

/// In inches: left, right, top, bottom, above the head and below the foot.
const MARGINS: [f64; 6] = [0.4, 0.4, 0.4, 0.5, 0.3, 0.25];

/// Points in an inch.
const INCH: f64 = 72.0;

/// In points, of a column: for each character of its width, and around them.
const CHARACTER: f64 = 5.25;
const AROUND: f64 = 3.75;

/// How much of a page is used: what prints may round heights up.
const FILLED: f64 = 0.97;

/// How many pages are begun by hand at most; a sheet takes 1,023 (Excel specifications and limits).
const MOST_BREAKS: usize = 1_000;

/// What a sheet is printed on, on its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paper {
    /// A4.
    Small,
    /// A3.
    Large,
}

impl Paper {
    /// Excel's number of the paper.
    fn size(self) -> u8 {
        match self {
            Paper::Small => 9,
            Paper::Large => 8,
        }
    }

    /// In points, how wide and how high what is printed on it may be.
    fn room(self) -> (f64, f64) {
        let (width, height) = match self {
            Paper::Small => (841.9, 595.3),
            Paper::Large => (1_190.6, 841.9),
        };
        let [left, right, top, bottom, ..] = MARGINS;
        (width - (left + right) * INCH, height - (top + bottom) * INCH)
    }
}

/// Landscape, one page wide, with page numbers.
pub(super) fn set_up(sheet: &mut Worksheet, paper: Paper) {
    sheet.set_paper_size(paper.size()).set_landscape().set_print_fit_to_pages(1, 0);
    let [left, right, top, bottom, head, foot] = MARGINS;
    sheet.set_margins(left, right, top, bottom, head, foot);
    sheet.set_footer("&L&8entra-diff&C&8&A&R&8&P / &N");
}

/// Where the printed pages of a sheet end, going by the heights of its rows.
pub(super) struct Pages {
    /// In points of the sheet: what a page holds, and what is on the present one.
    room: f64,
    used: f64,
    breaks: Vec<RowNum>,
    /// Where the lines begin that head what comes next, and how high they are.
    heads: Option<(RowNum, f64)>,
}

impl Pages {
    /// Of a sheet whose columns are so many characters wide, which is made smaller until it is one page wide.
    pub(super) fn of(widths: &[u16], paper: Paper) -> Self {
        let across: f64 = widths.iter().map(|width| f64::from(*width) * CHARACTER + AROUND).sum();
        let (width, height) = paper.room();
        Pages {
            room: FILLED * height * (across / width).max(1.0),
            used: 0.0,
            breaks: Vec::new(),
            heads: None,
        }
    }

    /// A row of this height is written, on a page of its own if this one is full: where fonts are others, one would hold more,
    /// and all that follows would end elsewhere.
    pub(super) fn took(&mut self, row: RowNum, height: f64) {
        if self.used + height > self.room {
            self.begin(row);
        }
        self.used += height;
        self.heads = None;
    }

    /// The same of a row that heads what comes next, and stands on its page.
    pub(super) fn took_head(&mut self, row: RowNum, height: f64) {
        let heads = self.heads;
        self.took(row, height);
        let (first, above) = heads.unwrap_or((row, 0.0));
        self.heads = Some((first, above + height));
    }

    /// Begins a page with `row` where this one has no room left for what is so high from there on, and another would.
    pub(super) fn keep(&mut self, row: RowNum, height: f64) {
        if self.used + height > self.room && height <= self.room {
            self.begin(row);
        }
    }

    /// Begins a page with `row`, or with the heads above it, unless these begin the present one.
    fn begin(&mut self, row: RowNum) {
        let begun = self.breaks.last().copied().unwrap_or_default();
        let (row, used) = self.heads.filter(|(first, _)| *first > begun).unwrap_or((row, 0.0));
        if self.breaks.len() < MOST_BREAKS {
            self.breaks.push(row);
        }
        self.used = used;
    }

    /// Has the sheet begin its pages where they begin here.
    pub(super) fn set_breaks(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_page_breaks(&self.breaks).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_begins_a_page_where_the_present_one_has_no_room_for_it() {
        let mut pages = Pages::of(&[20, 20], Paper::Small);
        assert!((pages.room - 514.6).abs() < 0.1, "a narrow sheet is not made bigger: {}", pages.room);
        pages.took(0, 480.0);
        pages.keep(1, 20.0);
        assert!(pages.breaks.is_empty(), "there is room");
        pages.keep(1, 40.0);
        pages.keep(1, 400.0);
        assert_eq!(pages.breaks, [1], "the new page has room");
        pages.took(1, 500.0);
        pages.took(2, 100.0);
        assert_eq!(pages.breaks, [1, 2], "a full page ends");
        pages.keep(3, 400.0);
        pages.keep(3, 600.0);
        assert_eq!(pages.breaks, [1, 2], "no page holds that");
        let wide = Pages::of(&[100, 187], Paper::Small);
        assert!((wide.room - 993.5).abs() < 1.0, "a wide sheet is made smaller: {}", wide.room);
    }

    #[test]
    fn heads_go_with_the_first_thing_below_them() {
        let mut pages = Pages::of(&[20], Paper::Small);
        pages.took(0, 400.0);
        pages.took_head(1, 30.0);
        pages.took_head(2, 20.0);
        pages.took(3, 409.0);
        assert_eq!(pages.breaks, [1]);
        pages.took(4, 50.0);
        assert_eq!(pages.breaks, [1], "the heads are on that page, too");
        pages.took(5, 20.0);
        assert_eq!(pages.breaks, [1, 5]);
        pages.took_head(6, 30.0);
        pages.keep(7, 500.0);
        assert_eq!(pages.breaks, [1, 5, 6], "what is kept together takes them along");
        pages.took(7, 500.0);
        assert_eq!(pages.breaks, [1, 5, 6, 7], "no page holds both");
    }

    #[test]
    fn no_more_pages_are_begun_than_a_sheet_takes() {
        let mut pages = Pages::of(&[20], Paper::Large);
        for row in 1..3_000 {
            pages.took(row, 500.0);
        }
        pages.set_breaks(&mut Worksheet::new()).expect("not too many");
    }
}
