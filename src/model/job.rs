//! A saved preview or recovery job object: a neighbour of the pages, used for comparison
//! (docs/service.md; contract, sections 5 and 6).

/// Which of the two kinds of job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// `recoveryPreviewJob`.
    Preview,
    /// `recoveryJob`.
    Recovery,
    /// The object does not say.
    Unknown,
}

impl JobKind {
    /// Graph's name of the kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Preview => "recoveryPreviewJob",
            JobKind::Recovery => "recoveryJob",
            JobKind::Unknown => "unknown",
        }
    }
}

/// A job's `status`: the word the service wrote, and whether it means success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus(pub String);

impl JobStatus {
    /// Whether the job ended well. The enum's word is `successful`; a script that Microsoft publishes
    /// says `succeeded` (docs/service.md).
    #[must_use]
    pub fn is_successful(&self) -> bool {
        matches!(self.0.as_str(), "successful" | "succeeded")
    }
}

/// A job object, its numbers as the service wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// `path#pointer` of the object.
    pub source: String,
    /// Preview or recovery.
    pub kind: JobKind,
    /// The job's id.
    pub id: Option<String>,
    /// How far it came.
    pub status: Option<JobStatus>,
    /// The snapshot in the URL of its context.
    pub snapshot_id: Option<String>,
    /// The time that this id encodes, RFC 3339.
    pub snapshot_date_time: Option<String>,
    /// The snapshot's time, RFC 3339, as written.
    pub target_state_date_time: Option<String>,
    /// When it began, as written.
    pub job_start_date_time: Option<String>,
    /// When it ended, as written.
    pub job_completion_date_time: Option<String>,
    /// What it was narrowed to, compact JSON; `None` means everything.
    pub filtering_criteria: Option<String>,
    /// Objects that differ.
    pub total_changed_objects_calculated: Option<u64>,
    /// Links that differ.
    pub total_changed_links_calculated: Option<u64>,
    /// Objects that recovery changed.
    pub total_objects_modified: Option<u64>,
    /// Links that recovery changed.
    pub total_links_modified: Option<u64>,
    /// Changes of objects and links that failed, counted together.
    pub total_failed_changes: Option<u64>,
}
