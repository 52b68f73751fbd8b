//! Text → documents: what stands between two pages costs neither of them without being told.

use super::{changes, is_told, page, survey};

/// Any bytes are read, alone and between two pages.
pub(crate) fn holds(data: &[u8]) {
    survey(data);
    let item = |id: &str| {
        page(&format!(
            r#"{{"id":"{id}","recoveryAction":"update","deltaFromCurrent":{{"a":1}},"currentState":{{}}}}"#
        ))
    };
    let text = [item("first-of-all").as_bytes(), b"\n", data, b"\n", item("last-of-all").as_bytes()].concat();
    let export = survey(&text);
    let changes = changes(&export);
    let has = |id: &str| changes.iter().any(|change| change["id"] == id);
    assert!(has("first-of-all"), "what is whole does not depend on what follows");
    assert!(has("last-of-all") || is_told(&export), "a page is missing, and nobody told");
    if is_json(data) {
        assert!(has("last-of-all"), "JSON between them costs no page");
    }
}

/// Whether it is nothing but JSON documents by another reader.
fn is_json(data: &[u8]) -> bool {
    let mut documents = serde_json::Deserializer::from_slice(data).into_iter::<serde_json::Value>();
    documents.all(|document| document.is_ok_and(|value| value.is_object() || value.is_array()))
}
