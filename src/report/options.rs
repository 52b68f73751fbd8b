//! What the operator says of a report, and how it is to speak.

use super::time_zone::TimeZone;

/// Which direction the words of a report lead with; the other one is always there, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Perspective {
    /// What happened since the backup: backup → current.
    #[default]
    Incident,
    /// What recovery will do: current → backup.
    Recovery,
}

impl Perspective {
    /// Its name on the command line and in `manifest.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Perspective::Incident => "incident",
            Perspective::Recovery => "recovery",
        }
    }
}

/// Words of the operator, printed as such, and how the report speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// A title for the report.
    pub title: Option<String>,
    /// Whose tenant it is; the pages do not say.
    pub organization: Option<String>,
    /// A case number.
    pub case_id: Option<String>,
    /// Who made the report.
    pub prepared_by: Option<String>,
    /// Which direction leads.
    pub perspective: Perspective,
    /// Where shown times are told.
    pub time_zone: TimeZone,
}
