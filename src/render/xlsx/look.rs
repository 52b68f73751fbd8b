//! How the workbook looks: a few formats, made once. Colours are few and mean something; each pair of text
//! and ground has a contrast of at least 4.5 to 1.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::model::Verdict;
use crate::report::Standing;
use crate::report::wording::workbook as words;

pub(super) const INK: u32 = 0x1F_29_33;
const QUIET: u32 = 0x52_60_6D;
pub(super) const HEAD: u32 = 0x1F_3A_5F;
pub(super) const LINE: u32 = 0xD5_DC_E4;
const BAND: u32 = 0xED_F2_F8;
const WHITE: u32 = 0xFF_FF_FF;

/// Ground and ink of what may be relied on, is to be minded, or is wrong.
const GOOD: (u32, u32) = (0xE3_F1_E5, 0x1B_5E_20);
const FAIR: (u32, u32) = (0xE4_EE_F8, 0x1A_4A_7A);
const MIND: (u32, u32) = (0xFF_F1_D0, 0x6B_4A_00);
const BAD: (u32, u32) = (0xFB_E1_E1, 0x8E_1B_1B);

/// Bars in the numbers of a matrix.
pub(super) const BAR: u32 = 0xA9_C4_E2;

/// The parts of a drawing's bars, told apart in grey, too: as many as are drawn, all others together the last.
pub(super) const SERIES: [u32; 5] = [0x1F_3A_5F, 0x4F_8F_C0, 0xC9_7B_2B, 0x9A_A5_B1, 0x7A_3E_8E];

/// The ground of heads above columns that are the reader's own.
const REVIEW: u32 = 0x5B_4A_7A;

const LINK: u32 = 0x0B_57_A4;

/// How far something may be relied on, which is all that colours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Fair,
    Mind,
    Bad,
}

impl Tone {
    pub(super) fn of_standing(standing: Standing) -> Self {
        match standing {
            Standing::Complete => Tone::Good,
            Standing::NoGapFound => Tone::Fair,
            Standing::Unverifiable | Standing::NoPages => Tone::Mind,
            Standing::Incomplete | Standing::Suspicious | Standing::DataMissing => Tone::Bad,
        }
    }

    pub(super) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Complete => Tone::Good,
            Verdict::NoGapFound => Tone::Fair,
            Verdict::Unverifiable => Tone::Mind,
            Verdict::Incomplete | Verdict::Suspicious => Tone::Bad,
        }
    }
}

/// Which way something went, or that it is to be minded: what colours of words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    There,
    Gone,
    Other,
    Mind,
}

impl Way {
    pub(super) const ALL: [Way; 4] = [Way::There, Way::Gone, Way::Other, Way::Mind];

    /// The words of the contract and of problems that tell it.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Way::There => &["added", "add", "restore", "createdOrRestored"],
            Way::Gone => &["removed", "remove", "softDelete", "deleted", "failed", "error"],
            Way::Other => &["modified", "revert", "update", words::PROPERTY_LINE],
            Way::Mind => &["unknown", "warning", "unknownFutureValue", words::REST_LINE],
        }
    }

    /// Ground and ink of a word, for a rule.
    pub(super) fn format(self) -> Format {
        let (ground, ink) = match self {
            Way::There => GOOD,
            Way::Gone => BAD,
            Way::Other => FAIR,
            Way::Mind => MIND,
        };
        Format::new().set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(ground))
    }
}

/// A ground in three sizes of its words.
#[derive(Debug)]
pub(super) struct Toned {
    pub(super) word: Format,
    pub(super) sentence: Format,
    pub(super) cell: Format,
}

/// All formats.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) subtitle: Format,
    pub(super) heading: Format,
    pub(super) label: Format,
    pub(super) value: Format,
    /// What is said beside the data, and the same across a page.
    pub(super) remark: Format,
    pub(super) remark_wrapped: Format,
    /// The head row of a table on a page, of texts and of numbers.
    pub(super) head: Format,
    pub(super) head_number: Format,
    /// The head row of a data sheet.
    pub(super) data_head: Format,
    pub(super) cell: Format,
    pub(super) number: Format,
    pub(super) total: Format,
    pub(super) total_number: Format,
    /// The columns of a data sheet.
    pub(super) data: Format,
    pub(super) data_wrapped: Format,
    /// Counts and times there.
    pub(super) data_number: Format,
    pub(super) data_time: Format,
    pub(super) data_link: Format,
    /// The columns of the reader's own, and their heads.
    pub(super) review: Format,
    pub(super) review_head: Format,
    /// A time on a page.
    pub(super) time: Format,
    /// A link to a sheet, in a table and in a row of them.
    pub(super) link: Format,
    pub(super) tab: Format,
    good: Toned,
    fair: Toned,
    mind: Toned,
    bad: Toned,
}

/// A point in time as a date of Excel.
const TIME: &str = "yyyy-mm-dd hh:mm:ss";

/// A whole number with its digits in groups; of many zeros only a dash is shown.
const COUNT: &str = "#,##0;-#,##0;\"\u{2013}\"";
const SUM: &str = "#,##0";

fn text() -> Format {
    Format::new().set_font_color(INK).set_align(FormatAlign::Top)
}

fn wrapped() -> Format {
    text().set_text_wrap()
}

/// Of a text that stays one when its cell is edited, whatever it begins with.
fn quoted(format: Format) -> Format {
    format.set_quote_prefix()
}

fn lined(format: Format) -> Format {
    format.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(LINE)
}

/// Of the columns of a data sheet. Lines between rows are theirs: a format for each cell would cost more than its text.
fn small() -> Format {
    lined(inset(text().set_font_size(10)))
}

fn head() -> Format {
    wrapped()
        .set_bold()
        .set_font_color(WHITE)
        .set_background_color(HEAD)
        .set_align(FormatAlign::VerticalCenter)
}

fn total() -> Format {
    text().set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(HEAD).set_background_color(BAND)
}

fn right(format: Format) -> Format {
    format.set_align(FormatAlign::Right).set_indent(1)
}

fn inset(format: Format) -> Format {
    format.set_align(FormatAlign::Left).set_indent(1)
}

fn linked(format: Format) -> Format {
    format.set_font_color(LINK).set_underline(FormatUnderline::Single)
}

impl Look {
    pub(super) fn new() -> Self {
        Look {
            title: quoted(wrapped()).set_bold().set_font_size(20).set_font_color(HEAD),
            subtitle: wrapped().set_font_color(QUIET),
            heading: text()
                .set_bold()
                .set_font_size(13)
                .set_font_color(HEAD)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(LINE),
            label: quoted(inset(wrapped())).set_font_color(QUIET),
            value: quoted(inset(wrapped())),
            remark: text().set_font_color(QUIET).set_italic(),
            remark_wrapped: wrapped().set_font_color(QUIET).set_italic(),
            head: inset(head()),
            head_number: right(head()),
            data_head: inset(head()),
            cell: quoted(inset(lined(wrapped()))),
            number: right(lined(text())).set_num_format(COUNT),
            total: quoted(inset(total())),
            total_number: right(total()).set_num_format(SUM),
            data: quoted(small()),
            data_wrapped: quoted(small()).set_text_wrap(),
            data_number: right(small()).set_num_format(COUNT),
            data_time: small().set_num_format(TIME),
            data_link: linked(small()),
            review: small().set_text_wrap(),
            review_head: inset(head()).set_background_color(REVIEW),
            time: inset(lined(text())).set_num_format(TIME),
            tab: linked(text().set_font_size(10)).set_background_color(BAND).set_align(FormatAlign::Center),
            link: linked(inset(wrapped())),
            good: Toned::of(GOOD),
            fair: Toned::of(FAIR),
            mind: Toned::of(MIND),
            bad: Toned::of(BAD),
        }
    }

    pub(super) fn toned(&self, tone: Tone) -> &Toned {
        match tone {
            Tone::Good => &self.good,
            Tone::Fair => &self.fair,
            Tone::Mind => &self.mind,
            Tone::Bad => &self.bad,
        }
    }
}

impl Toned {
    fn of((ground, ink): (u32, u32)) -> Self {
        let plain = || {
            Format::new()
                .set_font_color(Color::RGB(ink))
                .set_background_color(Color::RGB(ground))
                .set_align(FormatAlign::Top)
                .set_align(FormatAlign::Left)
                .set_indent(1)
                .set_text_wrap()
        };
        Toned {
            word: plain().set_bold().set_font_size(14),
            sentence: plain(),
            cell: plain().set_bold().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(LINE),
        }
    }
}
