//! Sentences of ours with texts of the input in them, kept apart until a renderer escapes each in its way.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Piece {
    /// Words of ours.
    Ours(Cow<'static, str>),
    /// Text of the input.
    Theirs(String),
}

/// Words of ours with texts of the input between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sentence(Vec<Piece>);

impl Sentence {
    /// A sentence that begins with these words of ours.
    #[must_use]
    pub fn ours(words: impl Into<Cow<'static, str>>) -> Self {
        Sentence::default().and(words)
    }

    /// The same with these words of ours behind it.
    #[must_use]
    pub fn and(mut self, words: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Piece::Ours(words.into()));
        self
    }

    /// The same with a text of the input behind it.
    #[must_use]
    pub fn theirs(mut self, text: &str) -> Self {
        self.0.push(Piece::Theirs(text.to_owned()));
        self
    }

    /// The same with another sentence behind it.
    #[must_use]
    pub fn then(mut self, other: Sentence) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Its parts.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The whole sentence, its texts of the input as `shown` writes them.
    #[must_use]
    pub fn told(&self, shown: impl Fn(&str) -> String) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Ours(words) => words.to_string(),
            Piece::Theirs(text) => shown(text),
        };
        self.0.iter().map(piece).collect()
    }
}

/// `one`, `one and other`, `one, other and last`.
pub(super) fn listed(sentences: Vec<Sentence>) -> Sentence {
    let count = sentences.len();
    let mut list = Sentence::default();
    for (position, sentence) in sentences.into_iter().enumerate() {
        let before = match position {
            0 => "",
            position if position + 1 == count => " and ",
            _ => ", ",
        };
        list = list.and(before).then(sentence);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_input_are_shown_and_words_are_not_touched() {
        let sentence = Sentence::ours("job ").theirs("*x*").and(" *failed*");
        assert_eq!(sentence.told(|text| text.replace('*', "\\*")), "job \\*x\\* *failed*");
    }

    #[test]
    fn a_list_reads_as_one() {
        let list = |words: &[&str]| {
            listed(words.iter().map(|word| Sentence::default().theirs(word)).collect()).told(str::to_owned)
        };
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }
}
