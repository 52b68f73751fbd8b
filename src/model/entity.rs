//! The closed sets of the service, each with a case for the values of tomorrow, and their contract order.
//!
//! The derived order of each enum is the order of the report (contract, section 4).

use std::fmt;

/// Which of the service's two functions a page answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// `getChanges` of a recovery preview job: what recovery would do.
    GetChanges,
    /// `getFailedChanges` of a recovery job: what recovery tried and could not do.
    GetFailedChanges,
    /// The input does not tell.
    Unknown,
}

impl Function {
    /// All functions in the order of the report.
    pub const ALL: [Function; 3] = [Function::GetChanges, Function::GetFailedChanges, Function::Unknown];

    /// Graph's name of the function.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Function::GetChanges => "getChanges",
            Function::GetFailedChanges => "getFailedChanges",
            Function::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Graph's `recoveryAction`: what recovery does with an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecoveryAction {
    /// Sets changed properties and links back.
    Update,
    /// Soft-deletes an object that the backup does not know, or knows as deleted.
    SoftDelete,
    /// Brings back an object that was soft-deleted.
    Restore,
    /// The item has no action.
    Missing,
    /// Any other word, kept as it is written.
    Other(String),
}

impl RecoveryAction {
    /// The action that `word` names, any unknown word kept.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "update" => RecoveryAction::Update,
            "softDelete" => RecoveryAction::SoftDelete,
            "restore" => RecoveryAction::Restore,
            other => RecoveryAction::Other(other.to_owned()),
        }
    }

    /// The action of Graph's enum number, as SDK objects are saved
    /// (docs/service.md: softDelete 0, update 1, restore 2, unknownFutureValue 3).
    #[must_use]
    pub fn from_number(number: &str) -> Self {
        match number {
            "0" => RecoveryAction::SoftDelete,
            "1" => RecoveryAction::Update,
            "2" => RecoveryAction::Restore,
            "3" => RecoveryAction::Other(UNKNOWN_FUTURE_VALUE.to_owned()),
            other => RecoveryAction::Other(other.to_owned()),
        }
    }

    /// The word the source wrote, `None` where it wrote none.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            RecoveryAction::Update => Some("update"),
            RecoveryAction::SoftDelete => Some("softDelete"),
            RecoveryAction::Restore => Some("restore"),
            RecoveryAction::Missing => None,
            RecoveryAction::Other(word) => Some(word),
        }
    }
}

/// The word that stands for a value which the request's headers did not allow the service to send.
pub(crate) const UNKNOWN_FUTURE_VALUE: &str = "unknownFutureValue";

macro_rules! entity_types {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// Graph's `entityTypeName`.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntityType {
            $($(#[$doc])* $variant,)*
            /// Any other word, kept as it is written; also `unknown` and `unknownFutureValue`.
            Other(String),
        }

        impl EntityType {
            /// The type that `word` names, any unknown word kept.
            #[must_use]
            pub fn from_word(word: &str) -> Self {
                match word {
                    $($word => EntityType::$variant,)*
                    other => EntityType::Other(other.to_owned()),
                }
            }

            /// The service's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(EntityType::$variant => $word,)*
                    EntityType::Other(word) => word,
                }
            }
        }
    };
}

entity_types! {
    /// A user.
    User = "user",
    /// A group.
    Group = "group",
    /// A Conditional Access policy.
    ConditionalAccessPolicy = "conditionalAccessPolicy",
    /// A named location.
    NamedLocationPolicy = "namedLocationPolicy",
    /// The authentication methods policy.
    AuthenticationMethodPolicy = "authenticationMethodPolicy",
    /// The authorization policy.
    AuthorizationPolicy = "authorizationPolicy",
    /// An authentication strength policy.
    AuthenticationStrengthPolicy = "authenticationStrengthPolicy",
    /// An application registration.
    Application = "application",
    /// A service principal.
    ServicePrincipal = "servicePrincipal",
    /// An admin consent to delegated permissions.
    OAuth2PermissionGrant = "oAuth2PermissionGrant",
    /// An application permission or an assignment to an application.
    AppRoleAssignment = "appRoleAssignment",
    /// The tenant's own settings.
    Organization = "organization",
}

impl EntityType {
    /// The word of Graph's enum number, as SDK objects are saved (docs/service.md, `resourceTypeName`).
    #[must_use]
    pub fn word_of_number(number: &str) -> &str {
        match number {
            "0" => "user",
            "1" => "group",
            "2" => "conditionalAccessPolicy",
            "3" => "namedLocationPolicy",
            "4" => "authenticationMethodPolicy",
            "5" => "authorizationPolicy",
            "6" => "authenticationStrengthPolicy",
            "7" => "application",
            "8" => "servicePrincipal",
            "9" => UNKNOWN_FUTURE_VALUE,
            "10" => "oAuth2PermissionGrant",
            "11" => "appRoleAssignment",
            "12" => "organization",
            other => other,
        }
    }

    /// The type that `word` or Graph's enum number names in a filter, where SDKs write the enum's names in
    /// their own case (`ConditionalAccessPolicy`).
    #[must_use]
    pub fn of_filter(word: &str) -> Self {
        let word = EntityType::word_of_number(word);
        let mut rest = word.chars();
        let first = rest.next().map(|first| first.to_ascii_lowercase());
        match EntityType::from_word(&first.into_iter().chain(rest).collect::<String>()) {
            EntityType::Other(_) => EntityType::Other(word.to_owned()),
            known => known,
        }
    }

    /// A Graph type name without `#` and without Graph's namespace, as `@odata.type` spells it.
    #[must_use]
    pub fn strip_namespace(name: &str) -> &str {
        let name = name.strip_prefix('#').unwrap_or(name);
        name.strip_prefix("microsoft.graph.").unwrap_or(name)
    }

    /// The service's type for a Graph type name without namespace: where the two differ, the service's
    /// (contract, section 2).
    #[must_use]
    pub fn from_graph_type(name: &str) -> Self {
        match name {
            "namedLocation" | "ipNamedLocation" | "countryNamedLocation" => EntityType::NamedLocationPolicy,
            "authenticationMethodsPolicy" => EntityType::AuthenticationMethodPolicy,
            other => EntityType::from_word(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_stand_in_contract_order_and_strangers_behind_by_code_point() {
        let mut types = ["zebra", "organization", "Agent", "user", "application"].map(EntityType::from_word);
        types.sort();
        assert_eq!(
            types.each_ref().map(EntityType::as_str),
            ["user", "application", "organization", "Agent", "zebra"]
        );
    }

    #[test]
    fn types_of_a_filter_are_read_as_words_of_any_sdk_and_as_numbers() {
        for word in ["oAuth2PermissionGrant", "OAuth2PermissionGrant", "10"] {
            assert_eq!(EntityType::of_filter(word), EntityType::OAuth2PermissionGrant, "{word}");
        }
        assert_eq!(EntityType::of_filter("Group"), EntityType::Group);
        assert_eq!(EntityType::of_filter("9"), EntityType::Other("unknownFutureValue".to_owned()));
        assert_eq!(EntityType::of_filter("Agent"), EntityType::Other("Agent".to_owned()));
        assert_eq!(EntityType::of_filter(""), EntityType::Other(String::new()));
    }

    #[test]
    fn actions_stand_in_contract_order() {
        let mut actions = [
            RecoveryAction::from_word("hardDelete"),
            RecoveryAction::Missing,
            RecoveryAction::from_number("2"),
            RecoveryAction::from_number("0"),
            RecoveryAction::from_word("update"),
        ];
        actions.sort();
        let words: Vec<_> = actions.iter().map(RecoveryAction::as_str).collect();
        assert_eq!(words, [Some("update"), Some("softDelete"), Some("restore"), None, Some("hardDelete")]);
    }
}
