//! Text from the input on its way to a terminal.

use std::borrow::Cow;

use entra_diff::model::is_hidden;
use entra_diff::report::wording::Sentence;

/// The longest text from the input that is shown, in characters.
const SHOWN_CHARACTERS: usize = 200;

/// Text from the input as a terminal may see it: [`escaped`], and cut after [`SHOWN_CHARACTERS`].
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => escaped(text),
        Some((end, _)) => Cow::Owned(format!("{}…", escaped(&text[..end]))),
    }
}

/// A sentence of ours, its texts of the input as a terminal may see them.
pub(super) fn told(sentence: &Sentence) -> String {
    sentence.told(|text| shown(text).into_owned())
}

/// Text from the input with control, bidirectional and invisible characters as `\u{1b}`.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped_and_cut() {
        assert_eq!(shown("a\u{1b}]0;x\u{7}\u{202e}b"), "a\\u{1b}]0;x\\u{7}\\u{202e}b");
        assert_eq!(shown(&"é".repeat(300)).chars().count(), 201);
        assert!(matches!(shown("plain ümläut"), Cow::Borrowed(_)));
    }
}
