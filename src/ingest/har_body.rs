//! The body of a recorded response: as text, or packed in base64 and gzip as some recorders leave it.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::model::{ArchiveFault, Json, Object, ProblemKind};

use super::archive::{self, Contents, Room};
use super::decode;

/// A body, and what is wrong with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// `None` where there is none, or where it is no text.
    pub(super) text: Option<String>,
    pub(super) problem: Option<ProblemKind>,
}

/// Base64 is written with and without its padding.
const BODY: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The body that a HAR's `content` holds, as far as the file of the HAR has `room` for what is packed in it.
pub(super) fn body(content: &Object<'_>, room: &mut Room) -> Body {
    let text = match content.get("text") {
        Some(Json::String(text)) => text.to_string(),
        Some(value @ (Json::Object(_) | Json::Array(_))) => value.to_compact(),
        _ => return Body::default(),
    };
    let encoding = content.get("encoding").and_then(Json::as_str);
    if text.trim().is_empty() {
        return Body::default();
    }
    if !encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64")) {
        return Body { text: Some(text), problem: None };
    }
    // Some recorders break its lines.
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match BODY.decode(packed) {
        Ok(bytes) => unpacked(bytes, room),
        Err(_) => lost(ProblemKind::NotJson { expected: "text in base64", items: 0 }),
    }
}

fn lost(problem: ProblemKind) -> Body {
    Body { text: None, problem: Some(problem) }
}

/// The text in `bytes`, which may be packed as the service sent them.
fn unpacked(bytes: Vec<u8>, room: &mut Room) -> Body {
    let (bytes, problem) = match archive::unpack(bytes, room, &|_, _| false) {
        Contents::Plain(bytes) => (bytes, None),
        Contents::Gzip(unpacked) => unpacked,
        Contents::Zip(..) => return lost(ProblemKind::Archive(ArchiveFault::Nested)),
    };
    let decoded = decode::decode(bytes);
    if let Some((_, offset)) = decoded.invalid.first() {
        return lost(ProblemKind::InvalidEncoding { offset: *offset as u64 });
    }
    let text = decoded.text[decoded.start..].to_owned();
    Body { text: Some(text).filter(|text| !text.trim().is_empty()), problem }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use base64::prelude::BASE64_STANDARD;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::archive::ArchiveLimits;
    use super::super::reader;
    use crate::model::LimitOn;

    use super::*;

    fn of(bytes: &[u8], limits: ArchiveLimits) -> Body {
        let text = BASE64_STANDARD.encode(bytes);
        let (first, second) = text.split_at(text.len() / 2);
        content(&format!(r#"{{"encoding":"base64","text":"{first}\r\n{second}"}}"#), limits)
    }

    fn content(text: &str, limits: ArchiveLimits) -> Body {
        let read = reader::read(text).expect("JSON");
        body(read.value.as_object().expect("an object"), &mut Room::of(limits, text.len()))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn a_body_is_unpacked_and_what_is_wrong_with_it_is_told() {
        let limits = ArchiveLimits::default();
        let text = |text: &str| Body { text: Some(text.to_owned()), problem: None };
        assert_eq!(content(r#"{"text":"{}"}"#, limits), text("{}"));
        assert_eq!(content(r#"{"text":" "}"#, limits), Body::default());
        assert_eq!(of(b"{\"a\":1}", limits), text("{\"a\":1}"));
        assert_eq!(of(&gzip(b"{\"a\":1}"), limits), text("{\"a\":1}"));
        let kind = |body: Body| body.problem.map(|problem| problem.code());
        assert_eq!(kind(content(r#"{"text":"??","encoding":"base64"}"#, limits)), Some("notJson"));
        assert_eq!(kind(of(b"\xff{}", limits)), Some("invalidEncoding"));
        assert_eq!(kind(of(b"PK\x03\x04x", limits)), Some("unreadableFile"));
        let narrow = ArchiveLimits { bytes: 3, ..limits };
        assert_eq!(kind(of(&gzip(b"{\"a\":1}"), narrow)), Some("limit"));
        let whole = gzip(&[b' '; 100]);
        assert_eq!(kind(of(&whole[..whole.len() - 4], limits)), Some("unreadableFile"));
    }
    #[test]
    fn all_bodies_share_the_room_of_their_file() {
        let limits = ArchiveLimits { bytes: 1000, ..ArchiveLimits::default() };
        let mut room = Room::of(limits, 100);
        let packed = BASE64_STANDARD.encode(gzip(&[b'1'; 400]));
        let text = format!(r#"{{"encoding":"base64","text":"{packed}"}}"#);
        let read = reader::read(&text).expect("JSON");
        let mut next = || body(read.value.as_object().expect("an object"), &mut room).problem;
        let limit = ProblemKind::Limit { on: LimitOn::ArchiveBytes, limit: 1000 };
        assert_eq!([next(), next(), next()], [None, None, Some(limit)]);
    }
}
