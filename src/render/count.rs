//! What a format holds: counted by its writer as it writes, and held against what the survey counted before.

use serde::{Deserialize, Serialize};

use crate::model::{Row, RowKind};
use crate::report::Report;

use super::Format;

/// What a format holds; `None` of what cannot be counted in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Counts {
    /// Rows of the table of changes: one a changed property or link, and one of an object without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Object changes, of all functions together: a control total, and no number of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_changes: Option<u64>,
    /// Rows of kind property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_changes: Option<u64>,
    /// Rows of kind link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_changes: Option<u64>,
    /// Failed changes that are listed as such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_changes: Option<u64>,
    /// Problems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problems: Option<u64>,
    /// Artifacts of restore sessions; `None` where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_artifacts: Option<u64>,
}

impl Counts {
    /// What can be counted in `format`, of everything that was counted. Of a page, which may show a part, and of a
    /// summary for a ticket that is nothing.
    #[must_use]
    pub fn of_format(self, format: Format) -> Self {
        let Counts {
            rows, object_changes, property_changes, link_changes, problems, restore_artifacts, ..
        } = self;
        match format {
            Format::Html | Format::Markdown => Counts::default(),
            Format::Csv => Counts { rows, property_changes, link_changes, ..Counts::default() },
            Format::Xlsx => self,
            Format::Ndjson => Counts { object_changes, property_changes, link_changes, ..Counts::default() },
            Format::SummaryJson => Counts {
                object_changes,
                property_changes,
                link_changes,
                problems,
                restore_artifacts,
                ..Counts::default()
            },
            Format::RestoreCsv | Format::RestoreNdjson => Counts { restore_artifacts, ..Counts::default() },
        }
    }

    /// Everything that the survey counted.
    #[must_use]
    pub fn of_survey(report: &Report<'_>) -> Self {
        let (mut properties, mut links) = (0, 0);
        for item in report.export().items() {
            let tally = item.tally();
            properties += u64::from(tally.property_rows);
            links += u64::from(tally.link_rows);
        }
        Counts {
            rows: Some(report.table_rows()),
            object_changes: Some(report.len() as u64),
            property_changes: Some(properties),
            link_changes: Some(links),
            failed_changes: Some(report.failures().iter().map(|group| group.objects).sum()),
            problems: Some(report.export().problems().len() as u64),
            ..Counts::of_restore_artifacts(report.export().restore_artifacts().len() as u64)
        }
    }

    /// So many restore artifacts and nothing else. Without any there is no count of them: most reports have none.
    #[must_use]
    pub fn of_restore_artifacts(artifacts: u64) -> Self {
        let restore_artifacts = (artifacts > 0).then_some(artifacts);
        Counts { restore_artifacts, ..Counts::default() }
    }
}

/// Rows by their kind, while they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RowCounts {
    objects: u64,
    properties: u64,
    links: u64,
    /// Rows of objects that have none.
    alone: u64,
}

impl RowCounts {
    /// Counts an object, before its rows.
    pub(super) fn object(&mut self) {
        self.objects += 1;
    }

    /// Counts a row of a table.
    pub(super) fn row(&mut self, row: Option<&Row<'_>>) {
        match row.map(|row| row.kind) {
            Some(RowKind::Property) => self.properties += 1,
            Some(RowKind::Link) => self.links += 1,
            None => self.alone += 1,
        }
    }

    pub(super) fn add(&mut self, others: impl Iterator<Item = RowCounts>) {
        for other in others {
            self.objects += other.objects;
            self.properties += other.properties;
            self.links += other.links;
            self.alone += other.alone;
        }
    }

    /// Of a table.
    pub(super) fn of_table(self) -> Counts {
        Counts {
            rows: Some(self.properties + self.links + self.alone),
            property_changes: Some(self.properties),
            link_changes: Some(self.links),
            ..Counts::default()
        }
    }

    /// Of lines that hold an object each.
    pub(super) fn of_objects(self) -> Counts {
        Counts {
            object_changes: Some(self.objects),
            property_changes: Some(self.properties),
            link_changes: Some(self.links),
            ..Counts::default()
        }
    }
}
