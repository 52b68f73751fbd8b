//! What lies beside pages → the jobs, snapshots, errors and restore sessions of a file.

use crate::model::{Job, LimitOn, Place, ProblemKind, Snapshot};

use super::fault::Unplaced;
use super::neighbour::Neighbour;
use super::passed_over::PassedOverReason;
use super::restore_session::{RESTORE_SESSION, RestoreSession};
use super::survey::{Around, Survey};

impl Survey<'_> {
    pub(super) fn neighbour(&mut self, neighbour: Neighbour, at: usize, around: Around<'_>, pointer: &str) {
        let pointer = Some(format!("{}{pointer}", around.pointer)).filter(|pointer| !pointer.is_empty());
        let document = around.number;
        let place = Place { document, pointer: pointer.clone(), ..Place::file(self.label) };
        match neighbour {
            Neighbour::Job(job) => {
                self.found.roles.insert("job");
                self.found.jobs.push(Job { source: place.source(), ..*job });
            }
            Neighbour::Snapshot(snapshot) => {
                self.found.roles.insert("snapshot");
                self.found.snapshots.push(Snapshot { source: place.source(), ..snapshot });
            }
            Neighbour::Error(mut error) => {
                self.found.roles.insert("error");
                if around.was_repeated {
                    return;
                }
                let failed = around.transfer.filter(|transfer| transfer.is_failure());
                let of_head = failed.and_then(|head| head.status);
                error.status = error.status.or_else(|| of_head.map(|status| status.to_string()));
                // Of a document that is more than an error, the pointer tells the place.
                let at = pointer.is_none().then_some(at);
                self.found.problems.push(Unplaced { pointer, ..Unplaced::new(error.into(), at, document) });
            }
            Neighbour::RestoreSession(session) => self.restore_session(session, at, around),
            Neighbour::OwnMaking => {
                self.found.passed_over.insert(PassedOverReason::OwnMaking);
            }
            Neighbour::Other => {
                self.found.passed_over.insert(PassedOverReason::NothingOfUse);
            }
        }
    }

    fn restore_session(&mut self, session: RestoreSession, at: usize, around: Around<'_>) {
        self.found.roles.insert(RESTORE_SESSION);
        // All artifacts of a session have a pointer of about one length.
        let longest = session.artifacts.iter().map(|artifact| artifact.source.len()).max().unwrap_or(0);
        let limit = self.reading.limits.name;
        if (around.pointer.len() + longest) as u64 > limit {
            let kind = ProblemKind::Limit { on: LimitOn::Pointer, limit };
            return self.found.push(kind, Some(at), around.number);
        }
        self.reading.held.keep_finds(session.artifacts.len());
        for mut artifact in session.artifacts {
            let pointer = Some(format!("{}{}", around.pointer, artifact.source));
            artifact.source = Place { document: around.number, pointer, ..Place::file(self.label) }.source();
            self.found.restore_artifacts.push(artifact);
        }
        for (pointer, kind) in session.problems {
            let pointer = Some(format!("{}{pointer}", around.pointer)).filter(|pointer| !pointer.is_empty());
            self.found.problems.push(Unplaced { pointer, ..Unplaced::new(kind, Some(at), around.number) });
        }
    }
}
