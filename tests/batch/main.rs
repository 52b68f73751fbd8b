//! `entra-diff batch` from outside: which cases there are, that each is what `report` writes, what the index tells, what a
//! second run does, and how a batch ends.

#[path = "../cli/scene.rs"]
mod scene;
#[path = "../support/tools.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod tools;
#[path = "../support/workbook.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod workbook;

mod again;
mod cases;
mod codes;
mod folder;
mod index;
mod many;
mod own;
mod same;
mod terminal;
mod whole;
