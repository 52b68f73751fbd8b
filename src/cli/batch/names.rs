//! What the folder of a case is called: its own name, where every system can have such a folder and no other case has it.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use entra_diff::ingest::{BATCH_NAMES, OWN_NAMES};
use entra_diff::model::is_hidden;

/// How many characters and bytes a name has at most: with a number behind it and files below it there is room on every
/// disk, of which some count bytes, up to 255.
const CHARACTERS: usize = 80;
const BYTES: usize = 200;

/// What Windows takes for a device, whatever its extension (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>).
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Extensions by which an output is one file and no folder.
const FILES: [&str; 7] = [".html", ".htm", ".csv", ".xlsx", ".ndjson", ".json", ".md"];

/// Names for folders beside each other, in the order of what they are made of. Where a disk may take two for one, the
/// second has a number.
pub(super) fn of_folders<'n>(wanted: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken: BTreeSet<String> = OWN_NAMES.iter().chain(&BATCH_NAMES).map(|name| folded(name)).collect();
    let mut names = Vec::new();
    for wanted in wanted {
        let plain = portable(wanted);
        let numbered = (2_u64..).map(|number| format!("{plain} ({number})"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| taken.insert(folded(name)));
        names.extend(free);
    }
    names
}

/// What names have in common that some disk takes for one: Windows and macOS do not tell upper from lower case, and macOS
/// does not tell `é` from `e` with an accent behind it. What is alike here and on no disk only has a number too many.
fn folded(name: &str) -> String {
    let cased: String = name.nfd().collect();
    cased.to_uppercase().to_lowercase().nfd().collect()
}

/// `name` as every system can have it: one that is of no device, leads nowhere else and can be seen.
fn portable(name: &str) -> String {
    let is_refused = |c: char| is_hidden(c) || r#"<>:"/\|?*"#.contains(c) || c == char::REPLACEMENT_CHARACTER;
    let safe = |c: char| if is_refused(c) { '_' } else { c };
    let mut bytes = 0;
    let fits = |c: &char| {
        bytes += c.len_utf8();
        bytes <= BYTES
    };
    let mut name: String = name.trim_start().chars().map(safe).take(CHARACTERS).take_while(fits).collect();
    let kept = name.trim_end_matches(['.', ' ']).len();
    if kept < name.len() {
        name.truncate(kept);
        name.push('_');
    }
    let lower = name.to_lowercase();
    if FILES.iter().any(|extension| lower.ends_with(extension)) {
        name.push('_');
    }
    if name.is_empty() || name.starts_with('.') || is_device(&lower) {
        name.insert(0, '_');
    }
    name
}

fn is_device(lower: &str) -> bool {
    let stem = lower.split('.').next().unwrap_or_default().trim_end();
    let numbered = |port: &str| {
        stem.strip_prefix(port).is_some_and(|rest| {
            let mut rest = rest.chars();
            rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c)) && rest.next().is_none()
        })
    };
    DEVICES.contains(&stem) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_can_have_a_folder_of_the_name() {
        for (name, expected) in [
            ("Contoso", "Contoso"),
            ("Fjeldsø & Søn (2)", "Fjeldsø & Søn (2)"),
            ("contoso.zip", "contoso.zip"),
            ("NUL", "_NUL"),
            ("aux.case", "_aux.case"),
            ("COM7", "_COM7"),
            ("lpt¹", "_lpt¹"),
            ("company", "company"),
            ("com10", "com10"),
            ("a.", "a_"),
            ("a. . ", "a_"),
            ("...", "_"),
            ("..", "_"),
            (".hidden", "_.hidden"),
            ("", "_"),
            ("  a", "a"),
            ("a/b\\c:d", "a_b_c_d"),
            ("a\u{1b}[2J\u{202e}b\nc", "a_[2J_b_c"),
            ("report.HTML", "report.HTML_"),
        ] {
            assert_eq!(portable(name), expected, "{name:?}");
        }
        assert_eq!(portable(&"é".repeat(300)).chars().count(), CHARACTERS);
        assert_eq!(portable(&"\u{1f600}".repeat(300)).len(), BYTES);
    }

    #[test]
    fn no_two_cases_have_one_folder_and_none_has_the_place_of_the_index() {
        let wanted = ["Contoso", "contoso", "CONTOSO", "contoso (2)", "SHA256SUMS", "Contoso"];
        assert_eq!(
            of_folders(wanted.into_iter()),
            ["Contoso", "contoso (2)", "CONTOSO (3)", "contoso (2) (2)", "SHA256SUMS (2)", "Contoso (4)"]
        );
    }

    #[test]
    fn what_a_disk_takes_for_one_name_are_two_folders() {
        let wanted = [
            "Zürich",
            "Zu\u{308}rich",
            "ZÜRICH",
            "Straße",
            "STRASSE",
            "\u{212b}",
            "\u{c5}",
            "ſ",
            "s",
            "Σας",
            "σας",
            "σασ",
        ];
        let found = of_folders(wanted.into_iter());
        let expected = [
            "Zürich",
            "Zu\u{308}rich (2)",
            "ZÜRICH (3)",
            "Straße",
            "STRASSE (2)",
            "\u{212b}",
            "\u{c5} (2)",
            "ſ",
            "s (2)",
            "Σας",
            "σας (2)",
            "σασ (3)",
        ];
        assert_eq!(found, expected);
    }
}
