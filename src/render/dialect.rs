//! How tables are written as CSV: what stands between two cells, whether a byte order mark stands in front, and whether
//! cells are made safe for spreadsheets. The three are chosen apart from one another (docs/columns.md).

use serde::{Deserialize, Serialize};

/// What stands between two cells. Whatever it is, a cell that has it is quoted as RFC 4180 says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    /// `,`: what RFC 4180 says, and what a spreadsheet expects where numbers have a decimal point.
    #[default]
    #[serde(rename = ",")]
    Comma,
    /// `;`: what a spreadsheet expects where numbers have a decimal comma.
    #[serde(rename = ";")]
    Semicolon,
    /// U+0009.
    #[serde(rename = "\t")]
    Tab,
    /// `|`.
    #[serde(rename = "|")]
    Pipe,
}

impl Delimiter {
    /// All of them.
    pub const ALL: [Delimiter; 4] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab, Delimiter::Pipe];

    /// The character, which is also its name in `manifest.json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Delimiter::Comma => ",",
            Delimiter::Semicolon => ";",
            Delimiter::Tab => "\t",
            Delimiter::Pipe => "|",
        }
    }

    /// The character, which is one of ASCII.
    #[must_use]
    pub const fn byte(self) -> u8 {
        self.as_str().as_bytes()[0]
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub(super) delimiter: Delimiter,
    /// Whether a byte order mark stands in front, which Excel and Windows PowerShell need.
    pub(super) has_bom: bool,
    /// Whether cells that a spreadsheet could take for formulas are guarded, and NUL is shown.
    pub(super) is_guarded: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_has_the_same_name_everywhere() {
        for delimiter in Delimiter::ALL {
            let name = serde_json::to_value(delimiter).expect("it is a word");
            assert_eq!(name, delimiter.as_str());
            assert_eq!(delimiter.as_str().len(), 1);
        }
    }
}
