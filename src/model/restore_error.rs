//! The error codes that the service documents for restore sessions (docs/service.md). What each means is in
//! `report`'s wording.

use super::RestoreErrorCategory;

/// Makes the enum of the codes out of the catalogue, so that no code is in one list and not in another.
macro_rules! catalogue {
    ($($category:ident: $($code:ident)+;)+) => {
        /// A code of the catalogue, by the service's own name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "what the service's words mean stands in the wording")]
        pub enum RestoreErrorCode {
            $($($code,)+)+
        }

        impl RestoreErrorCode {
            /// All of them, in the order of the catalogue.
            pub const ALL: &[RestoreErrorCode] = &[$($(RestoreErrorCode::$code,)+)+];

            /// The service's name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $($(RestoreErrorCode::$code => stringify!($code),)+)+
                }
            }

            /// The part of the catalogue that has it.
            #[must_use]
            pub fn category(self) -> RestoreErrorCategory {
                match self {
                    $($(RestoreErrorCode::$code)|+ => RestoreErrorCategory::$category,)+
                }
            }
        }
    };
}

catalogue! {
    Session:
        InvalidRestoreSessionId InvalidPatchRequest InvalidPathType InvalidRestorePoint InvalidArtifactRequest
        DifferentRestoreDestinationType DuplicateArtifactInList RestoreArtifactsLimitBreached
        RestoreSessionActionNotAllowed RestoreSessionNotFound IncompleteArtifactDeletion
        TooManyActiveRestoreSessions;
    Artifact:
        UnknownError ArtifactNotFound InvalidRestoreTime ArtifactCannotBeRestored DuplicateArtifactRestoreRequest;
    ProtectionUnit:
        ProtectionUnitNotFound ProtectionUnitAlreadyExists DuplicateProtectionUnitInList
        ProtectionUnitActionNotAllowed InvalidArtifactId QuotaExceeded;
    Bulk:
        InvalidBulkRestoreArtifactId BulkRestoreInvalidCreateRequest
        BulkRestoreRestorationResourcesCountExceedsLimit BulkRestoreInvalidCreateRequestSiteUrl
        BulkRestoreInvalidCreateRequestUserEmail BulkRestoreArtifactsNotFound InvalidStateForBulkRequestDeletion;
}

impl RestoreErrorCode {
    /// The code of this name, without regard to case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}
