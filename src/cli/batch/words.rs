//! `case.toml`: what the operator says of the case whose folder it lies in.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use entra_diff::ingest::CASE_FILE;
use entra_diff::report::batch::CaseWords;

use super::super::args::ReportArgs;
use super::super::text::shown;

/// The file as it is written. Its keys are the names of the options that they stand for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CaseFile {
    #[serde(alias = "organisation")]
    organization: Option<String>,
    #[serde(alias = "case_id")]
    case_id: Option<String>,
    title: Option<String>,
    #[serde(alias = "prepared_by")]
    prepared_by: Option<String>,
}

/// A file that says a few words has no more bytes.
const MOST: u64 = 1 << 16;

/// The words of a case: those of its file, if it is a folder and has one, and where that does not say, those of the command
/// line. Where the file cannot be used, the latter alone, and why.
pub(super) fn of_case(folder: Option<&Path>, args: &ReportArgs) -> (CaseWords, Option<String>) {
    let of_all = CaseWords {
        organization: args.organization.clone(),
        case_id: args.case_id.clone(),
        title: args.title.clone(),
        prepared_by: args.prepared_by.clone(),
    };
    let Some(text) = folder.and_then(|folder| text_of(&folder.join(CASE_FILE)).transpose()) else {
        return (of_all, None);
    };
    match text.map_err(|error| shown(&error.to_string()).into_owned()).and_then(|text| parse(&text)) {
        Ok(own) => {
            let words = CaseWords {
                organization: own.organization.or(of_all.organization),
                case_id: own.case_id.or(of_all.case_id),
                title: own.title.or(of_all.title),
                prepared_by: own.prepared_by.or(of_all.prepared_by),
            };
            (words, None)
        }
        Err(why) => (of_all, Some(format!("{CASE_FILE} cannot be used: {why}"))),
    }
}

/// What is in a file; `None` where there is none.
fn text_of(path: &Path) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
        Ok(data) if !data.is_file() => return Err(io::Error::other("not a regular file")),
        Ok(data) if data.len() > MOST => return Err(io::Error::other("larger than 64 KiB")),
        Ok(_) => {}
    }
    let text = fs::read(path)?;
    let text = String::from_utf8(text).map_err(|_| io::Error::other("not UTF-8"))?;
    // Editors of Windows begin a file with it.
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

fn parse(text: &str) -> Result<CaseWords, String> {
    let file: CaseFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        // What is expected is told with every spelling of it.
        let (what, known) = match error.message().split_once(", expected one of") {
            Some((what, _)) => (what, "; organization, case-id, title and prepared-by are known"),
            None => (error.message(), ""),
        };
        format!("{place}{}{known}", shown(what))
    })?;
    let CaseFile { organization, case_id, title, prepared_by } = file;
    Ok(CaseWords { organization, case_id, title, prepared_by })
}

/// The number of the line that the byte at `at` is on, from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_case_are_read() {
        let text = "# Contoso\norganisation = \"Contoso\"\ncase_id = '7'\ntitle = \"<b>\\u202e\"\nprepared-by = \"me\"\n";
        let words = parse(text).expect("it is right");
        assert_eq!(words.organization.as_deref(), Some("Contoso"));
        assert_eq!(words.case_id.as_deref(), Some("7"));
        assert_eq!(words.title.as_deref(), Some("<b>\u{202e}"));
        assert_eq!(words.prepared_by.as_deref(), Some("me"));
        assert_eq!(parse("").expect("it may be empty"), CaseWords::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, place, what) in [
            ("title = \"a\"\norganistion = \"Contoso\"\n", "line 2: ", "organistion"),
            ("title = 7\n", "line 1: ", "string"),
            ("\n\ntitle = \"a\n", "line 3: ", ""),
            ("case-id = \"a\"\ncase_id = \"b\"\n", "", "case-id"),
        ] {
            let why = parse(text).expect_err("it is wrong");
            assert!(why.starts_with(place) && why.contains(what), "{why}");
        }
    }
}
