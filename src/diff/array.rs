//! Arrays: paired by a key where every element has one, otherwise compared as multisets
//! (contract, section 3.3).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::model::{Json, Object};

use super::equal;
use super::walk::{Keep, Level, Pair, Spot, Walk};

/// The members that identify an element, in the order they are tried.
const IDENTIFIERS: [&str; 3] = ["id", "keyId", "resourceAppId"];

/// An element and the value of its identifier.
type Identified<'j, 'a> = (&'j str, &'j Object<'a>, &'j Json<'a>);

impl<'a> Walk<'_, 'a> {
    /// Compares `pair` if it is two arrays, or one array and nothing; tells whether it was.
    pub(super) fn array(&mut self, spot: Spot<'_>, pair: Pair<'_, 'a>) -> bool {
        let (Some(backup), Some(current)) = (elements(pair.backup), elements(pair.current)) else {
            return false;
        };
        if backup.is_empty() && current.is_empty() {
            self.is_unchanged();
            return true;
        }
        for name in IDENTIFIERS {
            if let (Some(backup), Some(current)) = (identified(backup, name), identified(current, name)) {
                self.paired(name, spot, &backup, &current);
                return true;
            }
        }
        if equal::same(pair.backup, pair.current) {
            self.is_unchanged();
        } else {
            let items = (self.keep == Keep::Rows).then(|| equal::difference(backup, current));
            self.differs(spot, pair, items);
        }
        true
    }

    fn paired(
        &mut self,
        name: &str,
        spot: Spot<'_>,
        backup: &[Identified<'_, 'a>],
        current: &[Identified<'_, 'a>],
    ) {
        let mut partners: HashMap<Cow<'_, str>, &Identified<'_, 'a>> =
            current.iter().map(|element| (equal::canonical_text(element.0), element)).collect();
        let length = self.path.len();
        for (id, object, element) in backup {
            self.path.push_element(name, id);
            match partners.remove(&equal::canonical_text(id)) {
                Some((_, partner, _)) => self.both(object, partner, spot.below, Level::Nested),
                None => self.element(spot, Pair { backup: Some(element), current: None }),
            }
            self.path.cut(length);
        }
        for (id, _, element) in current {
            if partners.contains_key(&equal::canonical_text(id)) {
                self.path.push_element(name, id);
                self.element(spot, Pair { backup: None, current: Some(element) });
                self.path.cut(length);
            }
        }
    }

    /// An element that only one side has: a row with the whole of it.
    fn element(&mut self, spot: Spot<'_>, pair: Pair<'_, 'a>) {
        self.differs(spot, pair, None);
    }
}

fn elements<'j, 'a>(side: Option<&'j Json<'a>>) -> Option<&'j [Json<'a>]> {
    match side {
        None | Some(Json::Null) => Some(&[]),
        Some(Json::Array(elements)) => Some(elements),
        Some(_) => None,
    }
}

/// The elements with their value of `name`, where every one is an object that has one and no two are equal.
fn identified<'j, 'a>(elements: &'j [Json<'a>], name: &str) -> Option<Vec<Identified<'j, 'a>>> {
    let mut seen = HashSet::with_capacity(elements.len());
    elements
        .iter()
        .map(|element| {
            let object = element.as_object()?;
            let id = object.get(name)?.as_str()?;
            seen.insert(equal::canonical_text(id)).then_some((id, object, element))
        })
        .collect()
}
