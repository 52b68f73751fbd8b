//! What may be typed about CSV → the library's options. It concerns `changes.csv`, `restore-artifacts.csv`
//! and `batch.csv`.

use clap::{Args, ValueEnum};

use entra_diff::evidence::ManifestOptions;
use entra_diff::render::{Delimiter, Options};

#[derive(Debug, Clone, Args)]
pub(super) struct DialectArgs {
    /// CSV with cells as they are, without the guard against formulas; without byte order mark unless --csv-bom says yes
    #[arg(long = "csv-raw")]
    raw: bool,
    /// What stands between two cells of CSV: one of these words, or the character itself
    #[arg(
        long = "csv-delimiter",
        value_enum,
        ignore_case = true,
        default_value = "comma",
        value_name = "WHICH"
    )]
    delimiter: DelimiterName,
    /// Whether CSV begins with a byte order mark, which Excel needs [default: yes, with --csv-raw no]
    #[arg(long = "csv-bom", value_enum, value_name = "WHETHER")]
    bom: Option<YesNo>,
}

impl DialectArgs {
    /// How CSV is written, and everything else as usual.
    pub(super) fn options(&self) -> Options {
        Options {
            csv_raw: self.raw,
            csv_delimiter: self.delimiter.into(),
            csv_bom: self.bom.map(|answer| answer == YesNo::Yes),
            ..Options::default()
        }
    }

    /// What a manifest says of it, and of nothing else.
    pub(super) fn manifest_options(&self) -> ManifestOptions {
        let options = self.options();
        ManifestOptions {
            csv_raw: options.csv_raw,
            csv_delimiter: options.csv_delimiter,
            csv_bom: Some(options.has_csv_bom()),
            ..ManifestOptions::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DelimiterName {
    #[value(alias = ",")]
    Comma,
    #[value(alias = ";")]
    Semicolon,
    // A shell hands over the character itself only if it is asked to.
    #[value(aliases = ["\t", "\\t"])]
    Tab,
    #[value(alias = "|")]
    Pipe,
}

impl From<DelimiterName> for Delimiter {
    fn from(name: DelimiterName) -> Self {
        match name {
            DelimiterName::Comma => Delimiter::Comma,
            DelimiterName::Semicolon => Delimiter::Semicolon,
            DelimiterName::Tab => Delimiter::Tab,
            DelimiterName::Pipe => Delimiter::Pipe,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}
