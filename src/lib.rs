//! entra-diff reads the saved JSON pages of Microsoft Entra Backup and Recovery and reports every property
//! difference, grouped by recovery action and entity type.
//!
//! The stages, in the order the data flows:
//!
//! 1. [`ingest`]: bytes on disk → an [`Export`](ingest::Export): the bytes, and an index of the items;
//! 2. [`diff`]: one item → its rows;
//! 3. [`report`]: the export → what any reader is told: counts, groups, outcomes, words;
//! 4. [`render`]: a report → bytes in each format;
//! 5. [`evidence`]: what was read and written, to be checked later.
//!
//! [`model`] holds the nouns all of them share.
//!
//! ```
//! use entra_diff::{diff, ingest, render, report};
//!
//! let page = br#"{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x/getChanges", "value": [
//!     {"id": "1", "entityTypeName": "user", "displayName": "Ana", "recoveryAction": "update",
//!      "deltaFromCurrent": {"city": "Oslo"}, "currentState": {"city": "Bergen"}}]}"#;
//! let inputs = vec![ingest::Input::Stdin(page.to_vec())];
//! let export = ingest::survey(inputs, &ingest::SurveyOptions::default(), diff::extent, |_| ());
//! let report = report::Report::new(&export, report::Options::default());
//! let mut csv = Vec::new();
//! let outputs = vec![render::Output { format: render::Format::Csv, sink: &mut csv }];
//! render::write(&report, outputs, &render::Options { csv_raw: true, ..Default::default() }, &mut |_| ())?;
//! assert!(String::from_utf8_lossy(&csv).contains("Ana,property,city,modified,revert,Oslo,Bergen"));
//! # Ok::<(), render::Error>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod diff;
pub mod evidence;
pub mod ingest;
pub mod model;
pub mod render;
pub mod report;
