//! What properties that decide about access are called, where a reader is told of a change in a sentence.
//!
//! The names are those of the service's own pages and of Graph (docs/service.md). A property that is not here is
//! told by its path.

use crate::model::EntityType;

/// A property with a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Property {
    /// Its path, without regard to case; one that ends in a dot stands for everything below it.
    pub(super) path: &'static str,
    /// What it is called, behind "the" and before "of".
    pub(super) name: &'static str,
    /// One of its items, and several.
    pub(super) item: (&'static str, &'static str),
    /// Whether the name is a plural.
    pub(super) is_plural: bool,
    /// The member without which there is nothing at the path.
    pub(super) decisive: Option<&'static str>,
}

impl Property {
    /// Whether it is everything below a path.
    pub(super) fn is_branch(self) -> bool {
        self.path.ends_with('.')
    }

    fn is_at(self, path: &str) -> bool {
        let start = path.get(..self.path.len());
        let is_start = start.is_some_and(|start| start.eq_ignore_ascii_case(self.path));
        is_start && (self.is_branch() || path.len() == self.path.len())
    }

    /// Whether `path` is that of its decisive member.
    pub(super) fn is_decisive(self, path: &str) -> bool {
        let member = path.get(self.path.len()..).unwrap_or_default();
        self.decisive.is_some_and(|decisive| decisive.eq_ignore_ascii_case(member))
    }
}

/// A property with one value.
const fn value(path: &'static str, name: &'static str) -> Property {
    Property { path, name, item: ENTRY, is_plural: false, decisive: None }
}

/// A collection.
const fn list(path: &'static str, name: &'static str, item: (&'static str, &'static str)) -> Property {
    Property { path, name, item, is_plural: true, decisive: None }
}

/// Everything below a path, which is there where its member `decisive` is.
const fn branch(path: &'static str, name: &'static str, decisive: &'static str) -> Property {
    Property { path, name, item: ENTRY, is_plural: false, decisive: Some(decisive) }
}

/// What an item is called that could be anything.
pub(super) const ENTRY: (&str, &str) = ("entry", "entries");

const ACCOUNT: (&str, &str) = ("account", "accounts");
const GROUP: (&str, &str) = ("group", "groups");
const ROLE: (&str, &str) = ("role", "roles");
const APPLICATION: (&str, &str) = ("application", "applications");
const LOCATION: (&str, &str) = ("location", "locations");
const PRINCIPAL: (&str, &str) = ("service principal", "service principals");

/// In the order in which they are told.
const CONDITIONAL_ACCESS: [Property; 33] = [
    value("state", "state"),
    list("conditions.users.excludeUsers", "exclusions", ACCOUNT),
    list("conditions.users.excludeGroups", "exclusions", GROUP),
    list("conditions.users.excludeRoles", "exclusions", ROLE),
    branch(
        "conditions.users.excludeGuestsOrExternalUsers.",
        "exclusion of guests and external users",
        "guestOrExternalUserTypes",
    ),
    list("conditions.users.includeUsers", "included users", ACCOUNT),
    list("conditions.users.includeGroups", "included groups", GROUP),
    list("conditions.users.includeRoles", "included roles", ROLE),
    branch(
        "conditions.users.includeGuestsOrExternalUsers.",
        "inclusion of guests and external users",
        "guestOrExternalUserTypes",
    ),
    list("grantControls.builtInControls", "grant controls", ("control", "controls")),
    branch("grantControls.authenticationStrength.", "required authentication strength", "id"),
    value("grantControls.operator", "operator of the grant controls"),
    list("grantControls.termsOfUse", "required terms of use", ENTRY),
    list("conditions.applications.excludeApplications", "excluded applications", APPLICATION),
    list("conditions.applications.includeApplications", "included applications", APPLICATION),
    list("conditions.applications.includeUserActions", "user actions", ("action", "actions")),
    list("conditions.locations.excludeLocations", "excluded locations", LOCATION),
    list("conditions.locations.includeLocations", "included locations", LOCATION),
    list("conditions.platforms.excludePlatforms", "excluded platforms", ("platform", "platforms")),
    list("conditions.platforms.includePlatforms", "included platforms", ("platform", "platforms")),
    list("conditions.clientApplications.excludeServicePrincipals", "excluded service principals", PRINCIPAL),
    list("conditions.clientApplications.includeServicePrincipals", "included service principals", PRINCIPAL),
    list("conditions.clientAppTypes", "client app types", ("type", "types")),
    list("conditions.signInRiskLevels", "sign-in risk levels", ("level", "levels")),
    list("conditions.userRiskLevels", "user risk levels", ("level", "levels")),
    list("conditions.servicePrincipalRiskLevels", "service principal risk levels", ("level", "levels")),
    branch("conditions.devices.deviceFilter.", "device filter", "rule"),
    branch("sessionControls.signInFrequency.", "sign-in frequency", "value"),
    branch("sessionControls.persistentBrowser.", "rule for persistent browser sessions", "mode"),
    branch(
        "sessionControls.cloudAppSecurity.",
        "session control by cloud app security",
        "cloudAppSecurityType",
    ),
    branch(
        "sessionControls.applicationEnforcedRestrictions.",
        "restriction enforced by applications",
        "isEnabled",
    ),
    value("sessionControls.disableResilienceDefaults", "switch that turns resilience defaults off"),
    value("displayName", "name"),
];

const NAMED_LOCATION: [Property; 5] = [
    value("isTrusted", "mark \u{201c}trusted\u{201d}"),
    list("ipRanges", "IP ranges", ("range", "ranges")),
    list("countriesAndRegions", "countries and regions", ("country or region", "countries or regions")),
    value("includeUnknownCountriesAndRegions", "inclusion of unknown countries and regions"),
    value("displayName", "name"),
];

const AUTHENTICATION_METHODS: [Property; 1] = [value("state", "state")];

const AUTHORIZATION: [Property; 10] = [
    value("guestUserRoleId", "role of guests"),
    value("blockMsolPowerShell", "block on MSOnline PowerShell"),
    value("allowInvitesFrom", "rule of who may invite guests"),
    value("allowEmailVerifiedUsersToJoinOrganization", "permission to join by a verified e-mail address"),
    value("allowedToUseSSPR", "permission of administrators to reset their own passwords"),
    value("defaultUserRolePermissions.allowedToCreateApps", "permission of users to register applications"),
    value("defaultUserRolePermissions.allowedToCreateTenants", "permission of users to create tenants"),
    value(
        "defaultUserRolePermissions.allowedToCreateSecurityGroups",
        "permission of users to create security groups",
    ),
    value("defaultUserRolePermissions.allowedToReadOtherUsers", "permission of users to read other users"),
    list(
        "defaultUserRolePermissions.permissionGrantPoliciesAssigned",
        "policies of what users may consent to",
        ("policy", "policies"),
    ),
];

const AUTHENTICATION_STRENGTH: [Property; 2] = [
    list("allowedCombinations", "allowed combinations", ("combination", "combinations")),
    value("displayName", "name"),
];

const APPLICATIONS: [Property; 10] = [
    value("isDisabled", "setting \u{201c}disabled\u{201d}"),
    list("identifierUris", "identifier URIs", ("URI", "URIs")),
    value("signInAudience", "sign-in audience"),
    value("publicClient", "setting \u{201c}public client\u{201d}"),
    value("servicePrincipalLockConfiguration.isEnabled", "lock on the properties of service principals"),
    value("publisherDomain", "publisher domain"),
    list("groupMembershipClaims", "group claims", ENTRY),
    list("tags", "tags", ("tag", "tags")),
    value("nativeAuthenticationApisEnabled", "setting \u{201c}native authentication\u{201d}"),
    value("displayName", "name"),
];

const SERVICE_PRINCIPALS: [Property; 9] = [
    value("accountEnabled", "setting \u{201c}account enabled\u{201d}"),
    value("appRoleAssignmentRequired", "setting \u{201c}assignment required\u{201d}"),
    value("preferredTokenSigningKeyThumbprint", "preferred token signing key"),
    value("loginUrl", "login URL"),
    value("preferredSingleSignOnMode", "single sign-on mode"),
    list("notificationEmailAddresses", "notification addresses", ("address", "addresses")),
    list("servicePrincipalNames", "service principal names", ("name", "names")),
    list("tags", "tags", ("tag", "tags")),
    value("displayName", "name"),
];

const GRANTS: [Property; 4] = [
    list("scope", "permissions", ("permission", "permissions")),
    value("consentType", "kind of consent"),
    value("clientId", "client"),
    value("resourceId", "resource"),
];

const ASSIGNMENTS: [Property; 3] =
    [value("appRoleId", "app role"), value("principalId", "principal"), value("resourceId", "resource")];

const ORGANIZATION: [Property; 6] = [
    value("StrongAuthenticationPolicy.enabled", "switch of per-user MFA settings"),
    list("StrongAuthenticationPolicy.ipAllowList", "IP addresses that are allowed without MFA", ENTRY),
    list("StrongAuthenticationDetails.availableMFAMethods", "available MFA methods", ("method", "methods")),
    value("StrongAuthenticationDetails.IsApplicationPasswordBlocked", "block on app passwords"),
    value("StrongAuthenticationDetails.IsRememberDevicesEnabled", "setting \u{201c}remember devices\u{201d}"),
    value(
        "StrongAuthenticationDetails.rememberDevicesDurationInDays",
        "number of days devices are remembered",
    ),
];

const USERS: [Property; 8] = [
    value("accountEnabled", "setting \u{201c}account enabled\u{201d}"),
    value("userPrincipalName", "user principal name"),
    value("perUserMfaState", "per-user MFA state"),
    value("userType", "user type"),
    list("passwordPolicies", "password policies", ENTRY),
    list("otherMails", "other e-mail addresses", ("address", "addresses")),
    value("mail", "e-mail address"),
    value("displayName", "name"),
];

const GROUPS: [Property; 5] = [
    list("members", "members", ("member", "members")),
    value("visibility", "visibility"),
    value("securityEnabled", "setting \u{201c}security enabled\u{201d}"),
    list("groupTypes", "group types", ("type", "types")),
    value("displayName", "name"),
];

/// The property of `entity_type` at `path`, and its place in the order in which they are told.
pub(super) fn named(entity_type: &EntityType, path: &str) -> Option<(usize, Property)> {
    let properties: &[Property] = match entity_type {
        EntityType::User => &USERS,
        EntityType::Group => &GROUPS,
        EntityType::ConditionalAccessPolicy => &CONDITIONAL_ACCESS,
        EntityType::NamedLocationPolicy => &NAMED_LOCATION,
        EntityType::AuthenticationMethodPolicy => &AUTHENTICATION_METHODS,
        EntityType::AuthorizationPolicy => &AUTHORIZATION,
        EntityType::AuthenticationStrengthPolicy => &AUTHENTICATION_STRENGTH,
        EntityType::Application => &APPLICATIONS,
        EntityType::ServicePrincipal => &SERVICE_PRINCIPALS,
        EntityType::OAuth2PermissionGrant => &GRANTS,
        EntityType::AppRoleAssignment => &ASSIGNMENTS,
        EntityType::Organization => &ORGANIZATION,
        EntityType::Other(_) => &[],
    };
    properties.iter().copied().enumerate().find(|(_, property)| property.is_at(path))
}

/// The authentication method whose member stands at `path`, and the member's name; empty for the method as a whole.
pub(super) fn method<'p>(entity_type: &EntityType, path: &'p str) -> Option<(&'p str, &'p str)> {
    let rest = path.strip_prefix("authenticationMethodConfigurations[id=")?;
    let (method, member) = rest.split_once(']')?;
    let is_policy = *entity_type == EntityType::AuthenticationMethodPolicy;
    let method = is_policy.then_some(method).filter(|method| !method.starts_with('"'))?;
    Some((method, member.strip_prefix('.').unwrap_or(member)))
}

/// What a value is called where its own text tells nobody anything: the roles that guests can have.
pub(super) fn role_of_guests(path: &str, value: &str) -> Option<&'static str> {
    let roles = [
        ("a0b1b346-4d3e-4e8b-98f8-753987be4970", "user (the same as members)"),
        ("10dae51f-b6af-4016-8d66-8c2a99b929b3", "guest user"),
        ("2af84b1e-32c8-42b7-82bc-daa82404023b", "restricted guest user"),
    ];
    let role = || roles.into_iter().find(|(id, _)| id.eq_ignore_ascii_case(value));
    path.eq_ignore_ascii_case("guestUserRoleId").then(role).flatten().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(entity_type: &EntityType, path: &str) -> Option<&'static str> {
        named(entity_type, path).map(|(_, property)| property.name)
    }

    #[test]
    fn a_property_is_known_by_its_whole_path_and_a_branch_by_its_beginning() {
        let policy = &EntityType::ConditionalAccessPolicy;
        assert_eq!(name(policy, "state"), Some("state"));
        assert_eq!(name(policy, "stateful"), None);
        assert_eq!(name(policy, "é"), None);
        assert_eq!(name(policy, "grantControls.authenticationStrength"), None);
        let strength = "grantControls.authenticationStrength.displayName";
        assert_eq!(name(policy, strength), Some("required authentication strength"));
        assert_eq!(name(&EntityType::User, "state"), None, "of a user it is a place");
        let details = "strongauthenticationdetails.isremeMberDevicesEnabled";
        assert_eq!(
            name(&EntityType::Organization, details),
            Some("setting \u{201c}remember devices\u{201d}")
        );
    }

    #[test]
    fn the_decisive_member_of_a_branch_is_known() {
        let policy = &EntityType::ConditionalAccessPolicy;
        let is_decisive = |path: &str| named(policy, path).is_some_and(|(_, known)| known.is_decisive(path));
        assert!(is_decisive("grantControls.authenticationStrength.id"));
        assert!(!is_decisive("grantControls.authenticationStrength.displayName"));
        assert!(!is_decisive("state"));
    }

    #[test]
    fn methods_are_known_by_their_ids() {
        let policy = &EntityType::AuthenticationMethodPolicy;
        let path = "authenticationMethodConfigurations[id=Sms]";
        assert_eq!(method(policy, path), Some(("Sms", "")));
        assert_eq!(method(policy, &format!("{path}.state")), Some(("Sms", "state")));
        assert_eq!(method(&EntityType::User, path), None);
        assert_eq!(method(policy, r#"authenticationMethodConfigurations[id="a]b"].state"#), None);
    }
}
