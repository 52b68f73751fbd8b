//! The members of an item by name, in the spellings of the service and of SDKs (contract, section 2).

use std::borrow::Cow;

use crate::model::{Json, Object};

/// A member of an item that means something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "Graph's own names")]
pub(super) enum Name {
    RecoveryAction,
    EntityTypeName,
    DeltaFromCurrent,
    CurrentState,
    FailureMessage,
    Id,
    ObjectId,
    DisplayName,
}

impl Name {
    const ALL: [Name; 8] = [
        Name::RecoveryAction,
        Name::EntityTypeName,
        Name::DeltaFromCurrent,
        Name::CurrentState,
        Name::FailureMessage,
        Name::Id,
        Name::ObjectId,
        Name::DisplayName,
    ];

    /// How the service spells it.
    const fn as_str(self) -> &'static str {
        match self {
            Name::RecoveryAction => "recoveryAction",
            Name::EntityTypeName => "entityTypeName",
            Name::DeltaFromCurrent => "deltaFromCurrent",
            Name::CurrentState => "currentState",
            Name::FailureMessage => "failureMessage",
            Name::Id => "id",
            Name::ObjectId => "objectId",
            Name::DisplayName => "displayName",
        }
    }

    /// The name that `key` is. Every item is asked for all of them twice: a `match` needs no call to compare.
    fn exact(key: &str) -> Option<Self> {
        Some(match key {
            "recoveryAction" => Name::RecoveryAction,
            "entityTypeName" => Name::EntityTypeName,
            "deltaFromCurrent" => Name::DeltaFromCurrent,
            "currentState" => Name::CurrentState,
            "failureMessage" => Name::FailureMessage,
            "id" => Name::Id,
            "objectId" => Name::ObjectId,
            "displayName" => Name::DisplayName,
            _ => return None,
        })
    }

    /// The name that `key` is, as the service spells it or in another way.
    fn spelled(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| is_spelling(key, name.as_str()))
    }

    /// Whether it makes an object a change item, whatever its value is; the others stand in every Graph object.
    /// `$select` can drop any of them.
    fn is_mark(self) -> bool {
        !matches!(self, Name::Id | Name::ObjectId | Name::DisplayName)
    }
}

/// Where SDKs put the members their types do not declare (docs/service.md).
const BAGS: [&str; 2] = ["AdditionalProperties", "additionalData"];

/// Whether a member by the name of `key` makes an object a change item.
pub(super) fn is_mark(key: &str) -> bool {
    Name::spelled(key).is_some_and(Name::is_mark)
}

/// The name of a member of an item that `key` spells.
pub(super) fn name_spelled(key: &str) -> Option<&'static str> {
    Name::spelled(key).map(Name::as_str)
}

/// Whether a member by the name of `key` may hold members of the item.
pub(super) fn is_bag(key: &str) -> bool {
    BAGS.iter().any(|bag| is_spelling(key, bag))
}

/// Whether `key` is `name` but for case, or with `_` between its words as SDKs for Python write it.
fn is_spelling(key: &str, name: &str) -> bool {
    let words = || key.bytes().filter(|byte| *byte != b'_');
    key.eq_ignore_ascii_case(name)
        || (key.len() > name.len()
            && key.contains('_')
            && words()
                .map(|byte| byte.to_ascii_lowercase())
                .eq(name.bytes().map(|byte| byte.to_ascii_lowercase())))
}

/// An item's members by name: its own, and behind them those an SDK put into a bag. Of several that are not
/// null the first exact match is taken, else the first that differs in case only.
#[derive(Default)]
pub(super) struct Members<'a> {
    /// All of them. Those below are positions here, so that no value is moved before it is asked for.
    pub(super) all: Vec<(Cow<'a, str>, Json<'a>)>,
    /// Whether it is spelled as SDKs do.
    pub(super) is_sdk: bool,
    /// Whether what stands where a bag should be holds nothing that could be read.
    pub(super) has_lost_bag: bool,
    exact: [Option<usize>; Name::ALL.len()],
    of_other_case: [Option<usize>; Name::ALL.len()],
    /// `@removed`.
    pub(super) removed: Option<usize>,
    /// What else stands in it.
    others: Vec<usize>,
}

impl<'a> Members<'a> {
    pub(super) fn of(item: Object<'a>) -> Self {
        let mut members = Members { all: item.into_members(), ..Members::default() };
        let mut bags = Vec::new();
        for at in 0..members.all.len() {
            let (key, value) = &members.all[at];
            // The service's own spelling is looked for first, and in most items nothing else.
            match Name::exact(key) {
                Some(_) if value.is_null() => {}
                Some(name) => _ = members.exact[name as usize].get_or_insert(at),
                None if is_bag(key) => bags.push(at),
                None => members.add(at),
            }
        }
        members.is_sdk = members.of_other_case.iter().any(Option::is_some) || !bags.is_empty();
        for bag in bags {
            match members.take_at(bag) {
                Json::Object(bag) => {
                    let first = members.all.len();
                    members.all.extend(bag.into_members());
                    (first..members.all.len()).for_each(|at| members.add(at));
                }
                // PowerShell writes an object without members as an empty text where it is nested too deeply.
                value => members.has_lost_bag |= !(value.is_null() || value.as_str() == Some("")),
            }
        }
        members
    }

    fn add(&mut self, at: usize) {
        let (key, value) = &self.all[at];
        if value.is_null() {
            return;
        }
        let slot = if let Some(name) = Name::exact(key) {
            &mut self.exact[name as usize]
        } else if let Some(name) = Name::spelled(key) {
            &mut self.of_other_case[name as usize]
        } else if key.eq_ignore_ascii_case("@removed") || key.eq_ignore_ascii_case("@odata.removed") {
            &mut self.removed
        } else {
            return self.others.push(at);
        };
        slot.get_or_insert(at);
    }

    pub(super) fn take(&mut self, name: Name) -> Option<Json<'a>> {
        let slot = name as usize;
        let at = self.exact[slot].take().or_else(|| self.of_other_case[slot].take())?;
        Some(self.take_at(at))
    }

    fn take_at(&mut self, at: usize) -> Json<'a> {
        std::mem::replace(&mut self.all[at].1, Json::Null)
    }

    pub(super) fn take_others(&mut self) -> Vec<(Cow<'a, str>, Json<'a>)> {
        let others = std::mem::take(&mut self.others);
        let member = |at: usize| std::mem::replace(&mut self.all[at], (Cow::Borrowed(""), Json::Null));
        others.into_iter().map(member).collect()
    }

    /// The value of an enumeration; an SDK's spelling of its key goes with one of its words: `SoftDelete`.
    pub(super) fn take_word(&mut self, name: Name) -> Option<Json<'a>> {
        let is_own = self.exact[name as usize].is_some();
        match self.take(name)? {
            Json::String(word) if !is_own && word.starts_with(|first: char| first.is_ascii_uppercase()) => {
                let (first, rest) = word.split_at(1);
                Some(Json::String(Cow::Owned(first.to_ascii_lowercase() + rest)))
            }
            value => Some(value),
        }
    }

    pub(super) fn take_text(&mut self, name: Name) -> Option<Cow<'a, str>> {
        match self.take(name) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known_at_its_position() {
        for (position, name) in Name::ALL.into_iter().enumerate() {
            assert_eq!(name as usize, position);
            assert_eq!(Name::exact(name.as_str()), Some(name));
            assert_eq!(Name::spelled(&name.as_str().to_uppercase()), Some(name));
        }
        assert_eq!(Name::exact("Id"), None);
    }
}
