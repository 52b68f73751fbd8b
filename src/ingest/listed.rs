//! Problems as they are listed: those of one code up to a limit, the others counted, so that a file of nothing but
//! faults costs no more than its own size.

use std::collections::BTreeMap;

use crate::model::{ProblemKind, Severity};

use super::fault::Unplaced;
use super::limits::Limits;

/// Problems in the order in which they were found.
#[derive(Debug)]
pub(super) struct Listed {
    /// How many of one code are listed.
    limit: u64,
    problems: Vec<Unplaced>,
    codes: BTreeMap<&'static str, Count>,
}

/// How many there are of a code.
#[derive(Debug)]
struct Count {
    listed: u64,
    more: u64,
    severity: Severity,
}

impl Default for Listed {
    fn default() -> Self {
        Listed::up_to(Limits::default().problems)
    }
}

impl Listed {
    pub(super) fn up_to(limit: u64) -> Self {
        Listed { limit, problems: Vec::new(), codes: BTreeMap::new() }
    }

    /// Lists a problem, or counts it where enough are listed. Tells at which position it is listed.
    pub(super) fn push(&mut self, problem: Unplaced) -> Option<usize> {
        self.push_up_to(self.limit, problem)
    }

    /// The same where no more than `limit` of its code are to be listed.
    pub(super) fn push_up_to(&mut self, limit: u64, problem: Unplaced) -> Option<usize> {
        let count = self.count(problem.kind.code(), problem.kind.severity());
        if count.listed >= limit {
            count.more += 1;
            return None;
        }
        count.listed += 1;
        self.problems.push(problem);
        Some(self.problems.len() - 1)
    }

    /// Those of `other` behind its own.
    pub(super) fn append(&mut self, other: Listed) {
        self.extend(other.problems);
        for (code, Count { more, severity, .. }) in other.codes {
            self.count(code, severity).more += more;
        }
    }

    fn count(&mut self, code: &'static str, severity: Severity) -> &mut Count {
        self.codes.entry(code).or_insert(Count { listed: 0, more: 0, severity })
    }

    /// Whether there is none, listed or not.
    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut Unplaced> {
        self.problems.get_mut(at)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Unplaced> {
        self.problems.iter_mut()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.problems.len()
    }

    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = &Unplaced> {
        self.problems.iter()
    }

    /// Those that are listed, and for each code what tells of the others.
    pub(super) fn into_parts(self) -> (Vec<Unplaced>, Vec<ProblemKind>) {
        let others = self.codes.into_iter().filter(|(_, count)| count.more > 0);
        let others = others.map(|(code, Count { more, severity, .. })| {
            let problems = more;
            ProblemKind::MoreProblems { code, severity, problems }
        });
        (self.problems, others.collect())
    }
}

impl Extend<Unplaced> for Listed {
    fn extend<I: IntoIterator<Item = Unplaced>>(&mut self, problems: I) {
        for problem in problems {
            self.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_above_the_limit_are_counted_by_code() {
        let problem = |kind: ProblemKind| Unplaced::new(kind, None, None);
        let mut listed = Listed::up_to(2);
        listed.extend((0..5).map(|_| problem(ProblemKind::EmptyFile)));
        let mut other = Listed::up_to(1);
        other.extend((0..3).map(|_| problem(ProblemKind::LoneSurrogate)));
        other.push(problem(ProblemKind::EmptyFile));
        listed.append(other);
        let (listed, others) = listed.into_parts();
        let codes: Vec<&str> = listed.iter().map(|problem| problem.kind.code()).collect();
        assert_eq!(codes, ["emptyFile", "emptyFile", "loneSurrogate"]);
        let more = |code, severity, problems| ProblemKind::MoreProblems { code, severity, problems };
        assert_eq!(
            others,
            [more("emptyFile", Severity::Error, 4), more("loneSurrogate", Severity::Warning, 2)]
        );
    }
}
