//! One item → its rows: the contract's section 3, pure.
//!
//! Nothing here reads a file, knows a clock or chooses a word; every function maps values to values, so
//! that a row can be recomputed at any time from the item's text. What a page is and where it stands is
//! [`crate::ingest`]'s, what a reader is told about a row is [`crate::report`]'s.
//!
//! ```
//! let item = r#"{"id": "1", "entityTypeName": "user", "recoveryAction": "update",
//!                "deltaFromCurrent": {"city": "Oslo"}, "currentState": {"city": "Bergen"}}"#;
//! let record = entra_diff::ingest::read_record(item).expect("the item is JSON").record;
//! let changes = entra_diff::diff::changes(&record);
//! assert_eq!(changes.rows[0].property, "city");
//! ```

mod array;
mod equal;
mod links;
mod lost;
mod patch;
mod path;
mod secret;
mod walk;

pub use patch::patch;
pub use secret::mask_secrets;
pub use walk::{Changes, changes, extent};
