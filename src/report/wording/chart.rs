//! The words around the drawing of a matrix.

use crate::model::Function;

use super::function_title;
use super::number::counted;

/// What the drawing shows, for those who cannot see it.
pub const DESCRIPTION: &str = "A bar for each type and each recovery action, as long as the number of objects beside \
     it; the same numbers stand in the table.";

/// The drawing's title.
#[must_use]
pub fn title(function: Function) -> String {
    format!("{}: objects by type and recovery action", function_title(function))
}

/// The line of all types that have none of their own.
#[must_use]
pub fn other_types(types: u64) -> String {
    format!("and {}", counted(types, "more type", "more types"))
}
