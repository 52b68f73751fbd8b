//! Characters that a reader cannot see, or that change how others are seen; and texts that stand for something else.

use std::fmt;

/// Whether `character` is a control character, reorders what stands beside it, or leaves no mark of its own:
/// somebody who types names can hide something with it, and two texts that differ by it look alike.
///
/// C0 and C1 controls, Unicode's noncharacters, the bidirectional controls of Unicode's UAX #9, its `Default_Ignorable_Code_Point`
/// characters, and the spaces that look like U+0020 (U+3000 is wider, and usual in Japanese names).
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || u32::from(character) & 0xfffe == 0xfffe
        || matches!(
            character,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
                | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// How a character that cannot be seen is shown: `⟨U+202E⟩`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token(pub char);

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "⟨U+{:04X}⟩", u32::from(self.0))
    }
}

/// Whether `text` is what PowerShell's `ConvertTo-Json` writes in the place of a value that is nested too deeply: an object
/// as `@{…}`, anything else as the name of its .NET type, of several one behind the other.
#[must_use]
pub fn is_lost_text(text: &str) -> bool {
    if !matches!(text.as_bytes().first(), Some(b'@' | b'S' | b'M')) {
        return false;
    }
    let last = || text.rsplit(' ').next().unwrap_or_default();
    (text.starts_with("@{") || is_type_name(text))
        && (text.ends_with('}') || UNTYPED.iter().any(|name| text.ends_with(name)) || is_type_name(last()))
}

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Whether a member of an object that became `text` ([`is_lost_text`]) may be a secret.
#[must_use]
pub fn may_hold_secret(text: &str) -> bool {
    ["password=", "secrettext=", "key=", "hint="].iter().any(|mark| contains(text, mark))
}

/// Whether `text` has `mark`, which is in lower case, in it, without regard to case.
fn contains(text: &str, mark: &str) -> bool {
    text.as_bytes().windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark.as_bytes()))
}

/// What PowerShell makes of JSON that it has read, and of its lists.
const UNTYPED: [&str; 2] = ["System.Collections.Hashtable", "System.Object[]"];

/// Whether `text` begins with the name of a type that holds values: of .NET's collections
/// (``System.Collections.Generic.Dictionary`2[System.String,System.Object]``), or of a model of Graph's SDK.
fn is_type_name(text: &str) -> bool {
    const MODELS: [&str; 2] =
        ["Microsoft.Graph.PowerShell.Models.", "Microsoft.Graph.Beta.PowerShell.Models."];
    let begins = |names: &[&str]| names.iter().any(|name| text.starts_with(name));
    text.starts_with("System.Collections.") || begins(&UNTYPED) || begins(&MODELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_known_and_letters_are_not() {
        for hidden in "\0\t\n\u{1b}\u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{200d}\u{202e}\u{2066}\u{2028}\u{feff}\u{fe0f}\u{ffff}\u{1fffe}\u{e0041}".chars() {
            assert!(is_hidden(hidden), "{hidden:?}");
        }
        for seen in "a é ß 李 ñ न ي \u{301}\u{3000}\u{fffd}😀·-".chars() {
            assert!(!is_hidden(seen), "{seen:?}");
        }
    }

    #[test]
    fn a_mark_inside_a_sentence_is_a_sentence() {
        assert!(is_lost_text("System.Collections.Hashtable System.Collections.Hashtable"));
        assert!(is_lost_text("@{users=; x=System.Object[]}"));
        assert!(is_lost_text("@{}"));
        assert!(is_lost_text("System.Collections.Generic.Dictionary`2[System.String,System.Object]"));
        assert!(is_lost_text(
            "System.Collections.Generic.List`1[System.Object] System.Collections.ArrayList"
        ));
        assert!(is_lost_text("Microsoft.Graph.PowerShell.Models.MicrosoftGraphIdentitySet"));
        assert!(!is_lost_text("System.Collections.Generic is a namespace"));
        assert!(!is_lost_text("System.Object"));
        assert!(!is_lost_text("Microsoft.Graph.Applications"));
        assert!(!is_lost_text("see @{x}"));
        assert!(!is_lost_text("@{x} is how it is written"));
        assert!(!is_lost_text(" System.Object[]"));
    }
}
