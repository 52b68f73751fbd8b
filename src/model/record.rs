//! An item understood but not yet compared: the members a change item has, whatever their spelling was.

use std::borrow::Cow;

use super::{EntityType, Json, Object, RecoveryAction};

/// One side of an item: `deltaFromCurrent` or `currentState`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<'a> {
    /// Missing, or `null`.
    Missing,
    /// An object, PowerShell's dates and wrappers already read.
    Object(Object<'a>),
    /// Anything else: the side was lost when the page was saved.
    Lost,
}

impl<'a> State<'a> {
    /// The object, where the side is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            State::Object(object) => Some(object),
            State::Missing | State::Lost => None,
        }
    }
}

/// An element of a page's `value`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// What recovery does with the object.
    pub recovery_action: RecoveryAction,
    /// The object's type, recovered from `@odata.type` where the service hid it.
    pub entity_type: EntityType,
    /// `id`, else `objectId`; the empty string where neither names the object.
    pub id: Cow<'a, str>,
    /// The first name that is a string: the item's, the current state's, the backup's.
    pub display_name: Option<Cow<'a, str>>,
    /// Whether a side says `onPremisesSyncEnabled: true`; recovery leaves such objects out.
    pub on_premises_synced: bool,
    /// As received; usually a string.
    pub failure_message: Option<Json<'a>>,
    /// `deltaFromCurrent/@removed/reason`, else the item's own.
    pub removed_reason: Option<Cow<'a, str>>,
    /// `deltaFromCurrent`: the backup side.
    pub delta: State<'a>,
    /// `currentState`: the tenant when the job ran.
    pub current: State<'a>,
    /// Whether the action or the type was `unknownFutureValue`: the request lacked a header.
    pub has_unknown_future_value: bool,
}

impl Record<'_> {
    /// Whether there is neither an action nor a side nor a message: nothing that makes an object a change.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.recovery_action == RecoveryAction::Missing
            && self.delta == State::Missing
            && self.current == State::Missing
            && self.failure_message.is_none()
    }
}
