//! Arrays: paired by a key where every element has one, otherwise compared as multisets
//! (contract, section 3.3).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::model::{CollectionItems, Json, Object};

use super::equal;

/// The members that identify an element, in the order they are tried.
const IDENTIFIERS: [&str; 3] = ["id", "keyId", "resourceAppId"];

/// What two arrays, or an array and nothing, are to each other.
pub(super) enum Arrays<'j, 'a> {
    /// Equal as multisets.
    Same,
    /// Their elements have identifiers: `name` is the member that identifies them.
    Paired { name: &'static str, elements: Vec<Paired<'j, 'a>> },
    /// They differ as multisets.
    Differ,
}

/// An element of two paired arrays, and its identifier as the backup spells it.
pub(super) struct Paired<'j, 'a> {
    pub(super) id: &'j str,
    pub(super) sides: Sides<'j, 'a>,
}

/// The sides that have an element.
pub(super) enum Sides<'j, 'a> {
    Both { backup: &'j Object<'a>, current: &'j Object<'a> },
    Backup(&'j Json<'a>),
    Current(&'j Json<'a>),
}

/// Compares two sides; `None` where one is neither an array nor nothing.
pub(super) fn compare<'j, 'a>(
    backup: Option<&'j Json<'a>>,
    current: Option<&'j Json<'a>>,
) -> Option<Arrays<'j, 'a>> {
    let (backup, current) = (elements(backup)?, elements(current)?);
    if backup.is_empty() && current.is_empty() {
        return Some(Arrays::Same);
    }
    for name in IDENTIFIERS {
        if let (Some(backup), Some(current)) = (identified(backup, name), identified(current, name)) {
            return Some(Arrays::Paired { name, elements: pair(&backup, &current) });
        }
    }
    Some(if equal::same_elements(backup, current) { Arrays::Same } else { Arrays::Differ })
}

/// What `current` has more and less than `backup`, both arrays or nothing.
pub(super) fn items<'a>(backup: Option<&Json<'a>>, current: Option<&Json<'a>>) -> CollectionItems<'a> {
    equal::difference(elements(backup).unwrap_or_default(), elements(current).unwrap_or_default())
}

fn elements<'j, 'a>(side: Option<&'j Json<'a>>) -> Option<&'j [Json<'a>]> {
    match side {
        None | Some(Json::Null) => Some(&[]),
        Some(Json::Array(elements)) => Some(elements),
        Some(_) => None,
    }
}

/// An element and its identifier.
type Identified<'j, 'a> = (&'j str, &'j Object<'a>, &'j Json<'a>);

/// The elements with their value of `name`, where every one is an object that has one and no two are equal.
fn identified<'j, 'a>(elements: &'j [Json<'a>], name: &str) -> Option<Vec<Identified<'j, 'a>>> {
    // Most arrays are of strings, and not worth a set.
    if let Some(first) = elements.first() {
        first.as_object()?.get(name)?;
    }
    let mut seen = Names::with_capacity(elements.len());
    elements
        .iter()
        .map(|element| {
            let object = element.as_object()?;
            let id = object.get(name)?.as_str()?;
            seen.insert(equal::canonical_text(id)).then_some((id, object, element))
        })
        .collect()
}

/// Names that occur. Few are compared one by one, which costs less than a set.
enum Names<'j> {
    Few(Vec<Cow<'j, str>>),
    Many(HashSet<Cow<'j, str>>),
}

/// Up to so many are few.
const FEW: usize = 8;

impl<'j> Names<'j> {
    fn with_capacity(names: usize) -> Self {
        if names <= FEW {
            Names::Few(Vec::with_capacity(names))
        } else {
            Names::Many(HashSet::with_capacity(names))
        }
    }

    /// Adds a name; `false` where it is there already.
    fn insert(&mut self, name: Cow<'j, str>) -> bool {
        match self {
            Names::Many(names) => names.insert(name),
            Names::Few(names) => {
                let is_new = !names.contains(&name);
                names.push(name);
                is_new
            }
        }
    }
}

/// The backup's elements with their partners, then those that only the current state has.
fn pair<'j, 'a>(backup: &[Identified<'j, 'a>], current: &[Identified<'j, 'a>]) -> Vec<Paired<'j, 'a>> {
    let names: Vec<Cow<'j, str>> = current.iter().map(|element| equal::canonical_text(element.0)).collect();
    let by_name: Option<HashMap<&str, usize>> =
        (names.len() > FEW).then(|| names.iter().map(|name| &**name).zip(0..).collect());
    let partner = |id: &str| {
        let id = &*equal::canonical_text(id);
        match &by_name {
            Some(by_name) => by_name.get(id).copied(),
            None => names.iter().position(|name| name == id),
        }
    };
    let mut is_paired = vec![false; current.len()];
    let mut paired = Vec::with_capacity(backup.len().max(current.len()));
    for &(id, object, element) in backup {
        let sides = match partner(id) {
            Some(at) => {
                is_paired[at] = true;
                Sides::Both { backup: object, current: current[at].1 }
            }
            None => Sides::Backup(element),
        };
        paired.push(Paired { id, sides });
    }
    let alone = current.iter().zip(is_paired).filter(|(_, is_paired)| !is_paired);
    paired.extend(alone.map(|(&(id, _, element), _)| Paired { id, sides: Sides::Current(element) }));
    paired
}
