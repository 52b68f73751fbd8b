//! Words that tell of changes in a text that is no page. They decide whether it is looked into, and whether it may be
//! passed over without a word. Plain pages are never searched for them.

use memchr::memmem;

use super::outline::Span;

/// Words in a text, in its order.
#[derive(Debug, Default)]
pub(super) struct Marks {
    marks: Vec<(usize, Word)>,
}

/// What a word tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    /// A member of a change.
    Member,
    /// The type of a change.
    Type,
    /// One of the functions.
    Function,
    /// A job, a restore session, or bytes as text: worth looking into, but no change.
    Neighbour,
    /// An error: told only beside something else.
    Error,
}

/// What is looked for, in small letters. Bytes are base64 of `{"`, `{` and a blank, or `[` and one of these.
const WORDS: [(&str, Word); 19] = [
    ("recoveryaction", Word::Member),
    ("recovery_action", Word::Member),
    ("deltafromcurrent", Word::Member),
    ("delta_from_current", Word::Member),
    ("recoverychangeobjectbase", Word::Type),
    ("getchanges", Word::Function),
    ("getfailedchanges", Word::Function),
    ("targetstatedatetime", Word::Neighbour),
    ("jobstartdatetime", Word::Neighbour),
    ("restoreartifacts@", Word::Neighbour),
    ("\"buffer\"", Word::Neighbour),
    ("\"eyj", Word::Neighbour),
    ("\"ewo", Word::Neighbour),
    ("\"ew0k", Word::Neighbour),
    ("\"eya", Word::Neighbour),
    ("\"w3s", Word::Neighbour),
    ("\"wwo", Word::Neighbour),
    ("\"ww0k", Word::Neighbour),
    ("\"error", Word::Error),
];

/// The length of the shortest word: of a file of numbers, each of which is a document, none is searched.
const SHORTEST: usize = 4;

/// How much of a text is made small at a time.
const PIECE: usize = 1 << 16;

/// More than the longest word is long.
const OVERLAP: usize = 32;

impl Marks {
    /// The words in a part of a text; `None` where nothing in it is worth looking into.
    pub(super) fn of(text: &str, span: &Span) -> Option<Self> {
        let bytes = &text.as_bytes()[span.clone()];
        if bytes.len() < SHORTEST {
            return None;
        }
        let words = WORDS.map(|(word, kind)| (memmem::Finder::new(word), kind));
        let mut marks = Vec::new();
        let mut small = Vec::with_capacity(bytes.len().min(PIECE + OVERLAP));
        let mut from = 0;
        while from < bytes.len() {
            small.clear();
            small.extend_from_slice(&bytes[from..bytes.len().min(from + PIECE + OVERLAP)]);
            small.make_ascii_lowercase();
            for (finder, kind) in &words {
                let found = finder.find_iter(&small).take_while(|at| *at < PIECE);
                marks.extend(found.map(|at| (span.start + from + at, *kind)));
            }
            from += PIECE;
        }
        marks.sort_unstable();
        marks.iter().any(|(_, kind)| *kind != Word::Error).then_some(Marks { marks })
    }

    /// The words in `span`.
    fn within(&self, span: &Span) -> &[(usize, Word)] {
        let first = self.marks.partition_point(|(at, _)| *at < span.start);
        let behind = self.marks.partition_point(|(at, _)| *at < span.end);
        &self.marks[first..behind.max(first)]
    }

    /// Whether there is any word in `span`.
    pub(super) fn any(&self, span: &Span) -> bool {
        !self.within(span).is_empty()
    }

    /// Whether `span` has a member of a change with a value, or the name of a change's type.
    pub(super) fn tells(&self, text: &str, span: &Span) -> bool {
        self.within(span).iter().any(|mark| is_of_a_change(text, *mark))
    }

    /// Whether there is a member of a change with a value.
    pub(super) fn tells_of_a_member(&self, text: &str) -> bool {
        self.marks.iter().any(|(at, word)| *word == Word::Member && is_member(&text[*at..]))
    }

    /// Whether `span` has the URL in it that a page of one of the functions begins with. The URL of a request alone
    /// tells of no change: logs are full of them.
    pub(super) fn tells_of_a_page(&self, text: &str, span: &Span) -> bool {
        self.within(span).iter().any(|mark| is_of_a_page(text, *mark))
    }
}

/// Whether a word is a member of a change with a value, or the name of a change's type.
fn is_of_a_change(text: &str, (at, word): (usize, Word)) -> bool {
    match word {
        Word::Member => is_member(&text[at..]),
        Word::Type => text[..at].ends_with('.'),
        Word::Function | Word::Neighbour | Word::Error => false,
    }
}

/// Whether a word is the end of the URL that a page of one of the functions begins with.
fn is_of_a_page(text: &str, (at, word): (usize, Word)) -> bool {
    if word != Word::Function {
        return false;
    }
    let before = &text.as_bytes()[at.saturating_sub(LONGEST_URL)..at];
    let url = before.iter().rposition(|byte| byte.is_ascii_whitespace() || *byte == b'"');
    let url = &before[url.map_or(0, |quote| quote + 1)..];
    memmem::find(url, b"$metadata#").is_some()
}

/// How far before the function's name its URL may begin.
const LONGEST_URL: usize = 1024;

/// Whether a text that begins with the name of a member goes on with its value: behind any quotes, as it stands in
/// JSON, in JSON in a string, in YAML, and where PowerShell prints it. In a sentence or a list of names none follows.
fn is_member(text: &str) -> bool {
    let name = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '_')).unwrap_or(text.len());
    let behind = text[name..].trim_start_matches(['\\', '"', '\'']);
    let value = behind.trim_start_matches(' ').strip_prefix([':', '=']);
    // Only from its front: the blanks at the end of a text would be run over for each word in it.
    value.is_some_and(|value| !value.trim_ascii_start().is_empty())
}

/// Whether a text that is passed over as a whole seems to hold changes.
pub(super) fn seems_to_hold_changes(text: &str) -> bool {
    let all = 0..text.len();
    Marks::of(text, &all).is_some_and(|marks| marks.tells(text, &all) || marks.tells_of_a_page(text, &all))
}

/// Where in `span` the last word is that tells of changes: what begins behind it seems to hold none.
pub(super) fn last_sign_of_changes(text: &str, span: &Span) -> Option<usize> {
    let text = &text[..span.end];
    let marks = Marks::of(text, span)?.marks;
    let last = marks.iter().rfind(|mark| is_of_a_change(text, **mark) || is_of_a_page(text, **mark));
    last.map(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_seen_however_they_are_spelled() {
        for text in [
            r#"{"recoveryAction":"update"}"#,
            r#"{"x":"{\"RecoveryAction\" : 1}"}"#,
            r#""{\\\"deltaFromCurrent\\\":{}}""#,
            "recovery_action: update",
            "recoveryAction   : update",
            "{'deltaFromCurrent': {}}",
            r##"{"@odata.type":"#microsoft.graph.entraRecoveryServices.recoveryChangeObjectBase"}"##,
            r#"{"c":"https://x/v1.0/$metadata#directory/recovery/jobs/x/getChanges"}"#,
            r#"{"c":"https://x/$metadata#a/microsoft.graph.getFailedChanges(x=1)"}"#,
        ] {
            assert!(seems_to_hold_changes(text), "{text}");
        }
    }

    #[test]
    fn words_in_sentences_and_urls_of_requests_are_no_changes() {
        for text in [
            "The recoveryAction of an item tells what is done with it. See deltaFromCurrent.",
            "recoveryAction,deltaFromCurrent,currentState",
            r#"{"url":"https://graph.microsoft.com/v1.0/directory/recovery/snapshots/a/getChanges?$top=20"}"#,
            "a recoveryChangeObjectBase has a name",
            r#"["recoveryAction","deltaFromCurrent"]"#,
            r#"{"error":"x"}"#,
            "",
        ] {
            assert!(!seems_to_hold_changes(text), "{text}");
        }
    }

    #[test]
    fn the_last_sign_is_told_by_its_place() {
        let text = "recoveryAction: 1\n$metadata#a/getChanges\nthe recoveryAction, recoveryAction: 2";
        let page = text.find("getChanges").expect("a page");
        assert_eq!(last_sign_of_changes(text, &(0..text.len() - 3)), Some(page), "no value");
        assert_eq!(last_sign_of_changes(text, &(0..text.len())), text.rfind("recoveryAction"));
        assert_eq!(last_sign_of_changes(text, &(0..17)), Some(0));
        assert_eq!(last_sign_of_changes("the recoveryAction", &(0..18)), None);
    }

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        for before in [0, PIECE - 5, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE - 7] {
            let text = format!("{}\"deltaFromCurrent\":1", " ".repeat(before));
            let marks = Marks::of(&text, &(0..text.len())).expect("a mark");
            assert_eq!(marks.marks, [(before + 1, Word::Member)]);
        }
    }
}
