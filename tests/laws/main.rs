//! Laws of the contract, on generated input: what must hold for every item, every export and every byte.
//!
//! Each law states its expectation anew, without the code it is about.

mod any_bytes;
mod chains;
mod derive;
mod exports;
mod generate;
mod guard;
mod items;
mod overlay;
#[path = "../support/page.rs"]
mod page;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
#[expect(dead_code, reason = "other test files use the rest of it")]
#[path = "../support/tools.rs"]
mod tools;
#[expect(dead_code, reason = "only the parts are looked at here")]
#[path = "../support/workbook.rs"]
mod workbook;
