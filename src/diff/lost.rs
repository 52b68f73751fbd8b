//! Texts that PowerShell wrote in the place of nested values (contract, section 3.6; docs/service.md).
//!
//! `ConvertTo-Json` without `-Depth` replaces what lies too deep by the text of its type; a collection
//! becomes a plausible string. Such a text is never a value.

use crate::model::{Json, is_lost_text};

/// What a member's key says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind<'k> {
    /// A property of the object.
    Property,
    /// A link collection, by its name without suffix.
    Links(&'k str),
    /// Control information: no row, not counted, not compared.
    Annotation,
}

impl<'k> KeyKind<'k> {
    pub(super) fn of(key: &'k str) -> Self {
        if !key.as_bytes().contains(&b'@') {
            return KeyKind::Property;
        }
        link_collection(key).map_or(KeyKind::Annotation, KeyKind::Links)
    }
}

/// The name of the link collection that `key` spells, in OData 4.01 or 4.0.
pub(super) fn link_collection(key: &str) -> Option<&str> {
    let name = key.strip_suffix("@odata.delta").or_else(|| key.strip_suffix("@delta"))?;
    (!name.is_empty()).then_some(name)
}

/// Whether `key` is control information.
pub(super) fn is_annotation(key: &str) -> bool {
    KeyKind::of(key) == KeyKind::Annotation
}

/// Whether `text`, the value at `key` (`None` for an element of an array), stands for something lost.
pub(super) fn is_lost_string(text: &str, key: Option<&str>) -> bool {
    is_lost_text(text) || key.is_some_and(|key| is_collection(key) || link_collection(key).is_some())
}

/// Whether a lost text stands anywhere in `value`, annotations aside.
pub(super) fn is_lost_inside(value: &Json<'_>, key: Option<&str>) -> bool {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
        Json::String(text) => is_lost_string(text, key),
        Json::Array(elements) => elements.iter().any(|element| is_lost_inside(element, None)),
        Json::Object(object) => {
            object.iter().any(|(key, member)| !is_annotation(key) && is_lost_inside(member, Some(key)))
        }
    }
}

/// The properties whose type in Graph is a collection, so that a string there is a flattened one.
fn is_collection(key: &str) -> bool {
    if let Some(of) = key.strip_prefix("include").or_else(|| key.strip_prefix("exclude")) {
        return matches!(
            of,
            "Users"
                | "Groups"
                | "Roles"
                | "Applications"
                | "UserActions"
                | "Locations"
                | "Platforms"
                | "ServicePrincipals"
        );
    }
    matches!(
        key,
        "businessPhones"
            | "otherMails"
            | "groupTypes"
            | "tags"
            | "identifierUris"
            | "requiredResourceAccess"
            | "addIns"
            | "servicePrincipalNames"
            | "alternativeNames"
            | "notificationEmailAddresses"
            | "builtInControls"
            | "clientAppTypes"
            | "termsOfUse"
            | "customAuthenticationFactors"
            | "signInRiskLevels"
            | "userRiskLevels"
            | "servicePrincipalRiskLevels"
            | "countriesAndRegions"
            | "ipRanges"
            | "allowedCombinations"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_known_by_their_exact_name() {
        assert!(is_lost_string("a b", Some("includeUsers")));
        assert!(is_lost_string("a b", Some("members@delta")));
        assert!(!is_lost_string("a b", Some("IncludeUsers")));
        assert!(!is_lost_string("a b", Some("@delta")));
        assert!(!is_lost_string("a b", None));
    }
}
