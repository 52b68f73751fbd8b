//! A change in one sentence, for a reader who looks at the most important ones first.
//!
//! What is said is what the item holds: a property with a name of its own is told with its values or the number
//! of its items, any other by its path. What the input does not tell is said not to be known.

use crate::model::{
    EntityType, FailureCategory, Function, Note, ObjectChange, Outcome, RecoveryAction, Row, RowKind,
    SinceBackup,
};

use super::super::options::Perspective;
use super::clause::{Clauses, clauses, quoted, some, texts};
use super::number::counted;
use super::sentence::{Sentence, listed};
use super::{failure_category, number};

/// The heading above these changes.
pub const HEADING: &str = "Look here first";

/// How they are chosen.
pub const ORDER: &str = "Policies, applications and what they were granted come first, users and groups last. The \
     order is always the same and weighs nothing: what matters here is for you to judge.";

/// How many types are named of those that have more changes.
const TYPES: usize = 12;

/// A sentence about an object; the name of the object stands apart, so that it can be a link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The words that many sentences begin with; empty where this one does not.
    pub lead: &'static str,
    /// What stands before the name.
    pub before: Sentence,
    /// What the object is called.
    pub object: Sentence,
    /// What stands behind it.
    pub after: Sentence,
}

impl Told {
    /// The same behind a lead, and these words of the same sentence.
    fn led(self, lead: &'static str, words: &'static str) -> Self {
        Told { lead, before: Sentence::ours(words).then(self.before), ..self }
    }

    /// The whole sentence.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        Sentence::ours(self.lead).then(self.before).then(self.object).then(self.after)
    }

    pub(super) fn and(self, words: Sentence) -> Self {
        Told { after: self.after.then(words), ..self }
    }
}

/// The sentence about `change`.
#[must_use]
pub fn told(change: &ObjectChange<'_>, perspective: Perspective) -> Told {
    let told = match change.recovery_action {
        RecoveryAction::Update => updated(change, perspective),
        RecoveryAction::SoftDelete => created(change, perspective),
        RecoveryAction::Restore => deleted(change, perspective),
        RecoveryAction::Missing | RecoveryAction::Other(_) => unknown(change, perspective),
    };
    told.and(end(change, perspective)).and(Sentence::ours("."))
}

/// `14 changes more are not told here: 3 of application, 11 of user.`
#[must_use]
pub fn more(types: &[(&EntityType, u64)]) -> Sentence {
    let changes: u64 = types.iter().map(|(_, changes)| changes).sum();
    let told = |(entity_type, changes): &(&EntityType, u64)| {
        Sentence::ours(format!("{} of ", number(*changes))).theirs(entity_type.as_str())
    };
    let mut list: Vec<Sentence> = types.iter().take(TYPES).map(told).collect();
    if let [_, ..] = types.get(TYPES..).unwrap_or_default() {
        list.push(Sentence::ours(counted((types.len() - TYPES) as u64, "other type", "other types")));
    }
    let is = super::plural(changes, "more change is", "more changes are");
    Sentence::ours(format!("{} {is} not told here: ", number(changes))).then(listed(list)).and(".")
}

/// What a sentence begins with, where it tells what happened or what recovery does.
fn lead(change: &ObjectChange<'_>, perspective: Perspective) -> &'static str {
    match (perspective, change.function, change.outcome) {
        (Perspective::Incident, ..) => "Since the backup, ",
        (Perspective::Recovery, Function::GetFailedChanges, _) | (_, _, Outcome::Failed) => {
            "Recovery was to "
        }
        (Perspective::Recovery, ..) => "Recovery will ",
    }
}

/// How recovery ended, where it could not make the change, or will leave it out.
fn end(change: &ObjectChange<'_>, perspective: Perspective) -> Sentence {
    if change.outcome != Outcome::Failed {
        let is_left_out = change.on_premises_synced && perspective == Perspective::Recovery;
        let words = "; but it is synchronised from on-premises, and recovery leaves such objects out";
        return if is_left_out { Sentence::ours(words) } else { Sentence::default() };
    }
    let words = Sentence::ours(match perspective {
        Perspective::Incident => "; recovery tried to undo this and failed",
        Perspective::Recovery => "; it failed",
    });
    match change.failure_category {
        None | Some(FailureCategory::Other) => words,
        Some(category) => words.and(": ").and(failure_category(category)),
    }
}

fn created(change: &ObjectChange<'_>, perspective: Perspective) -> Told {
    let (verb, done) = match perspective {
        Perspective::Incident => ("", " was created or restored"),
        Perspective::Recovery => ("soft-delete ", ""),
    };
    let told = object(change).led(lead(change, perspective), verb).and(Sentence::ours(done));
    told.and(what_it_is(change))
}

fn deleted(change: &ObjectChange<'_>, perspective: Perspective) -> Told {
    let (verb, done) = match perspective {
        Perspective::Incident => ("", " was deleted"),
        Perspective::Recovery => ("restore ", ""),
    };
    let told = object(change).led(lead(change, perspective), verb).and(Sentence::ours(done));
    let told = told.and(what_it_is(change));
    // Its time of deletion is what the sentence tells already.
    let is_edit =
        |row: &&Row<'_>| row.since_backup == SinceBackup::Modified && row.note != Some(Note::Lifecycle);
    let differing = change.changes.iter().filter(is_edit).count();
    if differing == 0 {
        return told;
    }
    let properties = some(differing as u64, "property", "properties");
    told.and(Sentence::ours(match perspective {
        Perspective::Incident => format!(" and {properties} of it changed"),
        Perspective::Recovery => format!(" and set {properties} of it back"),
    }))
}

fn unknown(change: &ObjectChange<'_>, perspective: Perspective) -> Told {
    let known = match perspective {
        Perspective::Incident => " since the backup is not known: ",
        Perspective::Recovery => " is not known: ",
    };
    let reason = match change.recovery_action.as_str() {
        None => Sentence::ours("the item names no action"),
        Some(word) => Sentence::ours("the item's action is ").then(quoted(word)),
    };
    object(change).led("", what_of(perspective).0).and(Sentence::ours(known)).and(reason)
}

/// A sentence of clauses: the first names the object, the others speak of what is its.
fn updated(change: &ObjectChange<'_>, perspective: Perspective) -> Told {
    let Clauses { known, not_known } = clauses(change, perspective);
    let count = known.len();
    let mut known = known.into_iter();
    let Some(first) = known.next() else {
        return match not_known {
            None => named_as_updated(change, perspective),
            Some(clause) => clause.of(object(change)).led("", what_of(perspective).0),
        };
    };
    let told = first.of(object(change)).led(lead(change, perspective), "");
    let told = (2..).zip(known).fold(told, |told, (number, clause)| {
        let and = if number == count { " and " } else { ", " };
        told.and(Sentence::ours(and).then(clause.of_it()))
    });
    match not_known {
        None => told,
        Some(clause) => told.and(Sentence::ours(what_of(perspective).1).then(clause.of_it())),
    }
}

/// What stands before something that the input does not tell, alone and behind what it tells.
fn what_of(perspective: Perspective) -> (&'static str, &'static str) {
    match perspective {
        Perspective::Incident => ("What happened to ", "; what happened to "),
        Perspective::Recovery => ("What recovery will do with ", "; what it will do with "),
    }
}

/// An update that names nothing.
fn named_as_updated(change: &ObjectChange<'_>, perspective: Perspective) -> Told {
    let (verb, done) = match perspective {
        Perspective::Incident => ("", " was modified"),
        Perspective::Recovery => ("update ", ""),
    };
    let nothing = Sentence::ours(done).and("; ").and(super::without_rows(&change.recovery_action));
    object(change).led(lead(change, perspective), verb).and(nothing)
}

/// What an object of a kind is called.
fn kind(entity_type: &EntityType) -> Sentence {
    Sentence::ours(match entity_type {
        EntityType::User => "user",
        EntityType::Group => "group",
        EntityType::ConditionalAccessPolicy => "conditional access policy",
        EntityType::NamedLocationPolicy => "named location",
        EntityType::AuthenticationMethodPolicy => "authentication methods policy",
        EntityType::AuthorizationPolicy => "authorization policy",
        EntityType::AuthenticationStrengthPolicy => "authentication strength",
        EntityType::Application => "application",
        EntityType::ServicePrincipal => "service principal",
        EntityType::OAuth2PermissionGrant => "permission grant",
        EntityType::AppRoleAssignment => "app role assignment",
        EntityType::Organization => "organisation",
        EntityType::Other(word) => return Sentence::ours("object of type ").then(quoted(word)),
    })
}

/// The object with what tells it from others: its name, else its id.
fn object(change: &ObjectChange<'_>) -> Told {
    let some = |text: &&str| !text.is_empty();
    let name = change.display_name.as_deref().filter(some).or(Some(change.id.as_ref()).filter(some));
    let kind = kind(&change.entity_type);
    let (before, object) = match name {
        // The policies that there is one of are called what they are.
        Some(name) if kind.told(str::to_owned).eq_ignore_ascii_case(name) => {
            (Sentence::ours("the "), Sentence::default().theirs(name))
        }
        Some(name) => (Sentence::ours("the ").then(kind).and(" "), Sentence::default().theirs(name)),
        None => (Sentence::ours("the ").then(kind).and(" "), Sentence::ours("without name and id")),
    };
    Told { lead: "", before, object, after: parties(change) }
}

/// Whom an app role assignment is of, and to what; whom a grant is for, and for whose data.
fn parties(change: &ObjectChange<'_>) -> Sentence {
    let (from, to, words) = match change.entity_type {
        EntityType::AppRoleAssignment => ("principalDisplayName", "resourceDisplayName", [" of ", " to "]),
        EntityType::OAuth2PermissionGrant => {
            ("clientId", "resourceId", [" of the client ", " on the resource "])
        }
        _ => return Sentence::default(),
    };
    match (value_of(change, from), value_of(change, to)) {
        (Some(from), Some(to)) => Sentence::ours(words[0]).then(quoted(from)).and(words[1]).then(quoted(to)),
        _ => Sentence::default(),
    }
}

/// Of an object that came or went as a whole: what it lets others do.
fn what_it_is(change: &ObjectChange<'_>) -> Sentence {
    let (path, words) = match change.entity_type {
        EntityType::OAuth2PermissionGrant => ("scope", ", for "),
        EntityType::ConditionalAccessPolicy => ("state", ", its state being "),
        _ => return Sentence::default(),
    };
    let Some(value) = value_of(change, path) else { return Sentence::default() };
    let parts: Vec<&str> = value.split_ascii_whitespace().collect();
    if parts.is_empty() { Sentence::default() } else { Sentence::ours(words).then(texts(&parts)) }
}

/// The text at `path` on the side that alone has one.
fn value_of<'c>(change: &'c ObjectChange<'_>, path: &str) -> Option<&'c str> {
    let at = change.changes.iter().find(|row| row.kind == RowKind::Property && row.property == path)?;
    let value = match at.since_backup {
        SinceBackup::Added => at.current.as_ref(),
        SinceBackup::Removed => at.backup.as_ref(),
        SinceBackup::Modified | SinceBackup::Unknown => None,
    };
    value?.as_str()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::model::{CollectionItems, Json, ObjectSinceBackup};

    use super::*;

    /// A change of an object of this type.
    fn change<'c>(kind: &str, action: &str, changes: Vec<Row<'c>>) -> ObjectChange<'c> {
        let recovery_action = RecoveryAction::from_word(action);
        ObjectChange {
            function: Function::GetChanges,
            snapshot_id: None,
            job_id: None,
            snapshot_date_time: None,
            since_backup: ObjectSinceBackup::of(&recovery_action),
            recovery_action,
            entity_type: EntityType::from_word(kind),
            id: Cow::Borrowed("ab-1"),
            display_name: Some(Cow::Borrowed("X")),
            on_premises_synced: false,
            outcome: Outcome::Planned,
            failure_category: None,
            failure_message: None,
            removed_reason: None,
            changes,
            unchanged: 0,
            source: String::new(),
        }
    }

    fn text(text: &str) -> Json<'_> {
        Json::String(text.into())
    }

    /// A property with these texts, or none of them.
    fn row<'c>(path: &str, backup: Option<&'c str>, current: Option<&'c str>) -> Row<'c> {
        let since_backup = match (backup, current) {
            (None, Some(_)) => SinceBackup::Added,
            (Some(_), None) => SinceBackup::Removed,
            (Some(_), Some(_)) => SinceBackup::Modified,
            (None, None) => SinceBackup::Unknown,
        };
        Row {
            kind: RowKind::Property,
            property: path.to_owned().into(),
            since_backup,
            current: current.map(text),
            backup: backup.map(text),
            items: None,
            note: None,
        }
    }

    /// A collection that gained and lost these items.
    fn list<'c>(path: &str, added: &[&'c str], removed: &[&'c str]) -> Row<'c> {
        let items = |texts: &[&'c str]| texts.iter().copied().map(text).collect();
        let items = CollectionItems { added: items(added), removed: items(removed) };
        Row { items: Some(items), ..row(path, Some("[…]"), Some("[…]")) }
    }

    fn link<'c>(path: &str, since_backup: SinceBackup) -> Row<'c> {
        Row { kind: RowKind::Link, since_backup, ..row(path, None, None) }
    }

    fn words(told: &Told) -> String {
        let all = [&told.before, &told.object, &told.after];
        all.iter().fold(told.lead.to_owned(), |words, next| words + &next.told(str::to_owned))
    }

    /// The sentences of an incident and of a recovery.
    fn both(change: &ObjectChange<'_>) -> [String; 2] {
        [Perspective::Incident, Perspective::Recovery].map(|perspective| words(&told(change, perspective)))
    }

    const ID: &str = "136a2718-6f38-48fe-ac29-11f60010dac6";

    #[test]
    fn an_exclusion_is_told_as_what_it_is() {
        let policy = |rows| change("conditionalAccessPolicy", "update", rows);
        assert_eq!(
            both(&policy(vec![list("conditions.users.excludeUsers", &[ID], &[])])),
            [
                "Since the backup, one account was added to the exclusions of the conditional access policy X.",
                "Recovery will remove one account from the exclusions of the conditional access policy X.",
            ]
        );
        assert_eq!(
            both(&policy(vec![
                list("conditions.users.includeUsers", &["None"], &["All"]),
                list("conditions.users.excludeGroups", &[ID, ID], &[ID]),
            ])),
            [
                "Since the backup, 2 groups were added to and one group was removed from the exclusions of the \
                 conditional access policy X and “None” was added to and “All” was removed from its included users.",
                "Recovery will remove 2 groups from and add one group back to the exclusions of the conditional \
                 access policy X and remove “None” from and add “All” back to its included users.",
            ]
        );
        let mixed = both(&policy(vec![list("conditions.users.excludeUsers", &[ID, "All"], &[])]));
        assert!(
            mixed[0].starts_with("Since the backup, 2 entries were added to the exclusions"),
            "{mixed:?}"
        );
    }

    #[test]
    fn what_decides_most_stands_first_and_the_rest_is_named() {
        let rows = vec![
            row("sessionControls.signInFrequency.value", Some("4"), None),
            row("sessionControls.signInFrequency.type", Some("hours"), None),
            row("new.b[id=1].c", Some("1"), Some("2")),
            row("new.b[id=2].c", Some("1"), Some("2")),
            row("grantControls.authenticationStrength.displayName", Some("strong"), None),
            row("grantControls.authenticationStrength.id", Some(ID), None),
            row("state", Some("enabled"), Some("disabled")),
            row("odd", None, None),
        ];
        assert_eq!(
            both(&change("conditionalAccessPolicy", "update", rows)),
            [
                "Since the backup, the state of the conditional access policy X was changed from “enabled” to \
                 “disabled”, its required authentication strength was removed and 3 more properties were changed \
                 (sign-in frequency and new.b); what happened to one more property is not known (odd).",
                "Recovery will set the state of the conditional access policy X back from “disabled” to “enabled”, \
                 put its required authentication strength back and set 3 more properties back (sign-in frequency and \
                 new.b); what it will do with one more property is not known (odd).",
            ]
        );
    }

    #[test]
    fn any_object_has_a_sentence() {
        let rows = || ["a", "b", "c", "d"].map(|path| row(path, Some("1"), Some("2"))).to_vec();
        assert_eq!(
            both(&change("zebra", "update", rows())),
            [
                "Since the backup, 4 properties of the object of type “zebra” X were changed (a, b, c and 1 more).",
                "Recovery will set 4 properties of the object of type “zebra” X back (a, b, c and 1 more).",
            ]
        );
        assert_eq!(
            both(&change("user", "update", Vec::new())),
            [
                "Since the backup, the user X was modified; the item names no property that differs.",
                "Recovery will update the user X; the item names no property that differs.",
            ]
        );
        assert_eq!(
            both(&change("user", "update", vec![row("*", None, None)])),
            [
                "What happened to one property of the user X is not known (*).",
                "What recovery will do with one property of the user X is not known (*).",
            ]
        );
        assert_eq!(
            both(&change("user", "hardDelete", Vec::new())),
            [
                "What happened to the user X since the backup is not known: the item's action is “hardDelete”.",
                "What recovery will do with the user X is not known: the item's action is “hardDelete”.",
            ]
        );
    }

    #[test]
    fn what_came_and_went_is_told_with_what_it_allows() {
        let grant = vec![
            row("clientId", None, Some("c")),
            row("resourceId", None, Some("r")),
            row("scope", None, Some(" User.Read Mail.Read a b c")),
        ];
        let grant =
            ObjectChange { display_name: None, ..change("oAuth2PermissionGrant", "softDelete", grant) };
        assert_eq!(
            both(&grant),
            [
                "Since the backup, the permission grant ab-1 of the client “c” on the resource “r” was created or \
                 restored, for “User.Read”, “Mail.Read”, “a” and 2 more.",
                "Recovery will soft-delete the permission grant ab-1 of the client “c” on the resource “r”, for \
                 “User.Read”, “Mail.Read”, “a” and 2 more.",
            ]
        );
        let lifecycle = Row { note: Some(Note::Lifecycle), ..row("deletedDateTime", Some("1"), Some("2")) };
        let deleted = vec![row("accountEnabled", Some("true"), Some("false")), lifecycle];
        assert_eq!(
            both(&change("servicePrincipal", "restore", deleted)),
            [
                "Since the backup, the service principal X was deleted and one property of it changed.",
                "Recovery will restore the service principal X and set one property of it back.",
            ]
        );
        let scope = |backup, current| {
            let row = row("scope", Some(backup), Some(current));
            let [incident, _] = both(&change("oAuth2PermissionGrant", "update", vec![row]));
            incident
        };
        assert_eq!(
            scope("User.Read", " User.Read Mail.Read"),
            "Since the backup, “Mail.Read” was added to the permissions of the permission grant X."
        );
        assert_eq!(
            scope("a b", "b  a"),
            "Since the backup, the permissions of the permission grant X were changed from “a b” to “b  a”."
        );
    }

    #[test]
    fn links_and_methods_are_counted_and_named() {
        let rows = vec![
            link("members", SinceBackup::Added),
            link("members", SinceBackup::Removed),
            link("members", SinceBackup::Added),
            link("owners", SinceBackup::Removed),
        ];
        assert_eq!(
            both(&change("group", "update", rows))[0],
            "Since the backup, 2 members were added to and one member was removed from the members of the group X and \
             one link was removed from its “owners”."
        );
        let rows = vec![
            row(
                "authenticationMethodConfigurations[id=Fido2].isAttestationEnforced",
                Some("true"),
                Some("false"),
            ),
            row("authenticationMethodConfigurations[id=Sms].state", Some("disabled"), Some("enabled")),
        ];
        assert_eq!(
            both(&change("authenticationMethodPolicy", "update", rows))[0],
            "Since the backup, the state of the method “Sms” of the authentication methods policy X was changed from \
             “disabled” to “enabled” and the “isAttestationEnforced” of the method “Fido2” was changed from “true” to \
             “false”."
        );
    }

    #[test]
    fn how_recovery_ended_is_told_where_it_failed_or_will_do_nothing() {
        let mut failed = change("servicePrincipal", "softDelete", Vec::new());
        failed.outcome = Outcome::Failed;
        failed.failure_category = Some(FailureCategory::ManagedElsewhere);
        assert_eq!(
            both(&failed),
            [
                "Since the backup, the service principal X was created or restored; recovery tried to undo this and \
                 failed: managed by another service.",
                "Recovery was to soft-delete the service principal X; it failed: managed by another service.",
            ]
        );
        let mut synced = change("user", "restore", Vec::new());
        synced.on_premises_synced = true;
        assert_eq!(
            both(&synced),
            [
                "Since the backup, the user X was deleted.",
                "Recovery will restore the user X; but it is synchronised from on-premises, and recovery leaves such \
                 objects out.",
            ]
        );
    }

    #[test]
    fn an_object_is_told_by_its_name_or_its_id_or_neither() {
        let mut nameless = change("application", "restore", Vec::new());
        nameless.display_name = Some(Cow::Borrowed(""));
        assert_eq!(both(&nameless)[0], "Since the backup, the application ab-1 was deleted.");
        nameless.id = Cow::Borrowed("");
        assert_eq!(both(&nameless)[0], "Since the backup, the application without name and id was deleted.");
        let mut only = change("authorizationPolicy", "restore", Vec::new());
        only.display_name = Some(Cow::Borrowed("Authorization Policy"));
        assert_eq!(both(&only)[0], "Since the backup, the Authorization Policy was deleted.");
    }

    #[test]
    fn secrets_and_long_values_stand_in_no_sentence() {
        let long = "x".repeat(61);
        let secret =
            Row { note: Some(Note::Redacted), ..row("loginUrl", Some("[redacted]"), Some("[redacted]")) };
        for row in [row("loginUrl", Some("a"), Some(long.as_str())), secret] {
            let told = &both(&change("servicePrincipal", "update", vec![row]))[0];
            assert_eq!(told, "Since the backup, the login URL of the service principal X was changed.");
        }
        let role = row("guestUserRoleId", Some("2af84b1e-32c8-42b7-82bc-daa82404023b"), Some(ID));
        assert_eq!(
            both(&change("authorizationPolicy", "update", vec![role]))[0],
            format!(
                "Since the backup, the role of guests of the authorization policy X was changed from restricted guest \
                 user to “{ID}”."
            )
        );
    }

    #[test]
    fn what_is_not_told_is_counted_by_type() {
        let kinds: Vec<EntityType> =
            (10..25).map(|kind| EntityType::from_word(&format!("k{kind}"))).collect();
        let types: Vec<(&EntityType, u64)> = kinds.iter().map(|kind| (kind, 1_000)).collect();
        assert_eq!(
            more(&types[..2]).told(str::to_owned),
            "2,000 more changes are not told here: 1,000 of k10 and 1,000 of k11."
        );
        assert!(more(&types).told(str::to_owned).ends_with("1,000 of k21 and 3 other types."));
        let one = [(&EntityType::User, 1)];
        assert_eq!(more(&one).told(str::to_owned), "1 more change is not told here: 1 of user.");
    }
}
