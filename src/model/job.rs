//! A saved preview or recovery job object: a neighbour of the pages, used for comparison
//! (docs/service.md; contract, sections 5 and 6).

use super::EntityType;

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

/// A job's `status`, as the service wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus(pub String);

/// How far a job came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobStage {
    /// `initialized`: it was accepted, and did nothing yet.
    Initialized,
    /// `loadingData`.
    LoadingData,
    /// `running` or `calculating`.
    InProgress,
    /// `successful`: it came to its end.
    Completed,
    /// `failed`.
    Failed,
    /// `abandoned`: somebody cancelled it.
    Cancelled,
    /// `unknownFutureValue`: a word that the request's headers did not allow the service to send.
    Hidden,
    /// Any other word.
    Other,
}

impl JobStatus {
    /// The stage that the word names, without regard to case: SDKs write the enum's names in theirs. The
    /// enum's word for success is `successful`; a script that Microsoft publishes says `succeeded`
    /// (docs/service.md).
    #[must_use]
    pub fn stage(&self) -> JobStage {
        match self.0.to_ascii_lowercase().as_str() {
            "initialized" => JobStage::Initialized,
            "loadingdata" => JobStage::LoadingData,
            "running" | "calculating" => JobStage::InProgress,
            "successful" | "succeeded" => JobStage::Completed,
            "failed" => JobStage::Failed,
            "abandoned" => JobStage::Cancelled,
            "unknownfuturevalue" => JobStage::Hidden,
            _ => JobStage::Other,
        }
    }

    /// Whether the job ended well.
    #[must_use]
    pub fn is_successful(&self) -> bool {
        self.stage() == JobStage::Completed
    }
}

/// What a job was narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobFilter {
    /// To nothing: it looks at everything.
    Everything,
    /// To objects of these types.
    Types(Vec<EntityType>),
    /// To as many objects of each of these types, named by their ids.
    Ids(Vec<(EntityType, u64)>),
    /// To something that is not understood; [`Job::filtering_criteria`] has it as it was written.
    NotUnderstood,
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
    /// The same, understood.
    pub filter: JobFilter,
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

impl Job {
    /// How far it came; `None` where the object does not say.
    #[must_use]
    pub fn stage(&self) -> Option<JobStage> {
        self.status.as_ref().map(JobStatus::stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_in_every_spelling_and_a_stranger_is_kept() {
        let stage = |word: &str| JobStatus(word.to_owned()).stage();
        assert_eq!(["running", "calculating", "Running"].map(stage), [JobStage::InProgress; 3]);
        assert_eq!(["successful", "succeeded", "Successful"].map(stage), [JobStage::Completed; 3]);
        assert_eq!(["loadingData", "LoadingData"].map(stage), [JobStage::LoadingData; 2]);
        assert_eq!(["abandoned", "Abandoned"].map(stage), [JobStage::Cancelled; 2]);
        assert_eq!(stage("initialized"), JobStage::Initialized);
        assert_eq!(stage("failed"), JobStage::Failed);
        assert_eq!(stage("unknownFutureValue"), JobStage::Hidden);
        assert_eq!(["paused", "", "not successful"].map(stage), [JobStage::Other; 3]);
    }
}
