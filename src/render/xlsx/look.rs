//! How the workbook looks: a few formats, made once. Colours are few and mean something; each pair of text
//! and ground has a contrast of at least 4.5 to 1.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::model::Verdict;
use crate::report::Standing;

const INK: u32 = 0x1F_29_33;
const QUIET: u32 = 0x52_60_6D;
const HEAD: u32 = 0x1F_3A_5F;
const LINE: u32 = 0xD5_DC_E4;
const BAND: u32 = 0xED_F2_F8;
const WHITE: u32 = 0xFF_FF_FF;

/// Ground and ink of what may be relied on, is to be minded, or is wrong.
const GOOD: (u32, u32) = (0xE3_F1_E5, 0x1B_5E_20);
const FAIR: (u32, u32) = (0xE4_EE_F8, 0x1A_4A_7A);
const MIND: (u32, u32) = (0xFF_F1_D0, 0x6B_4A_00);
const BAD: (u32, u32) = (0xFB_E1_E1, 0x8E_1B_1B);

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
    /// Every second row of a data sheet.
    pub(super) band: Format,
    good: Toned,
    fair: Toned,
    mind: Toned,
    bad: Toned,
}

/// A whole number with its digits in groups; of many zeros only a dash is shown.
const COUNT: &str = "#,##0;-#,##0;\"\u{2013}\"";
const SUM: &str = "#,##0";

impl Look {
    pub(super) fn new() -> Self {
        let text = || Format::new().set_font_color(INK).set_align(FormatAlign::Top);
        let wrapped = || text().set_text_wrap();
        let small = || text().set_font_size(10).set_align(FormatAlign::Left).set_indent(1);
        let lined =
            |format: Format| format.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(LINE);
        let head = || {
            text()
                .set_bold()
                .set_font_color(WHITE)
                .set_background_color(HEAD)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
        };
        let total = || {
            text()
                .set_bold()
                .set_border_top(FormatBorder::Thin)
                .set_border_top_color(HEAD)
                .set_background_color(BAND)
        };
        let right = |format: Format| format.set_align(FormatAlign::Right).set_indent(1);
        let inset = |format: Format| format.set_align(FormatAlign::Left).set_indent(1);
        Look {
            title: wrapped().set_bold().set_font_size(20).set_font_color(HEAD),
            subtitle: wrapped().set_font_color(QUIET),
            heading: text()
                .set_bold()
                .set_font_size(13)
                .set_font_color(HEAD)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(LINE),
            label: inset(wrapped()).set_font_color(QUIET),
            value: inset(wrapped()),
            remark: text().set_font_color(QUIET).set_italic(),
            remark_wrapped: wrapped().set_font_color(QUIET).set_italic(),
            head: inset(head()),
            head_number: right(head()),
            data_head: inset(head()),
            cell: inset(lined(wrapped())),
            number: right(lined(text())).set_num_format(COUNT),
            total: inset(total()),
            total_number: right(total()).set_num_format(SUM),
            data: small(),
            data_wrapped: small().set_text_wrap(),
            band: Format::new().set_background_color(BAND),
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
