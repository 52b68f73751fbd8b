//! The nouns all stages share: what an item, a row, a page set and a problem are.
//!
//! Nothing here reads a file, starts a thread or knows an output format; a type of this module imports
//! nothing but its neighbours. Parsing lives in [`crate::ingest`], comparing in [`crate::diff`], words in
//! [`crate::report`].

mod change;
mod digest;
mod entity;
mod job;
mod json;
mod link;
mod page_set;
mod problem;
mod record;
mod restore_artifact;
mod restore_error;
mod row;
mod snapshot;
mod sums;
mod text;
mod time;
mod transfer;

pub use change::{Extent, FailureCategory, ObjectChange, ObjectSinceBackup, Outcome, Tally};
pub use digest::{Digest, Digester};
pub use entity::{EntityType, Function, RecoveryAction};
pub use job::{Job, JobFilter, JobKind, JobStage, JobStatus};
pub use json::{Json, KeyIndex, Object};
pub(crate) use json::{text_of, write_elements, write_string};
pub use link::last_segment;
pub use page_set::{Basis, Check, Finding, PageSet, Verdict};
pub use problem::{ArchiveFault, LimitOn, Place, Position, Problem, ProblemKind, Severity};
pub use record::{Record, State};
pub use restore_artifact::{RestoreArtifact, RestoreErrorCategory, RestoreOutcome};
pub use restore_error::RestoreErrorCode;
pub use row::{CollectionItems, Note, RecoveryWill, Row, RowKind, SinceBackup};
pub use snapshot::Snapshot;
pub use sums::{SumLine, Sums};
pub use text::{REDACTED, Token, is_hidden, is_lost_text, may_hold_secret};
pub use time::{Instant, epoch_seconds_text, milliseconds_text};
pub use transfer::Transfer;
