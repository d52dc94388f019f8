//! What a run found: one row a check, and the suite's own counts.
//!
//! A row is a leaf of the suite's tree, under its full name; rows that say the same thing of several blobs bear the same name. A
//! check that deletes counts twice, for the deletion and for what is seen afterwards, so the counts exceed the rows.

use std::collections::BTreeMap;
use std::fmt;

/// How a check ended. Of two, the greater one is the row's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Switched off by the options.
    Disabled,
    /// The registry does not offer what the spec leaves open to it.
    Skip,
    /// As the spec says.
    Pass,
    /// Not as the spec says.
    Fail,
    /// What the suite calls an error: a filtered list of referrers with others in it.
    Error,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "disabled",
            Self::Skip => "skip",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
        })
    }
}

/// Why a check did not pass.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// What the check becomes by it: never [`Outcome::Pass`].
    pub(super) outcome: Outcome,
    /// The request and what was wrong with its answer.
    pub(super) text: String,
}

/// What a check found.
pub(super) type Found<T = ()> = Result<T, Fault>;

impl Fault {
    pub(super) fn new(outcome: Outcome, text: impl Into<String>) -> Self {
        Self { outcome, text: text.into() }
    }

    /// Several faults of one check as one. What the registry does not offer excuses what is wrong beside it: the suite's rule.
    pub(super) fn all(faults: Vec<Self>) -> Found {
        let weight = |outcome: &Outcome| [Outcome::Fail, Outcome::Skip, Outcome::Error].iter().position(|other| other == outcome);
        let Some(outcome) = faults.iter().map(|fault| fault.outcome).max_by_key(weight) else { return Ok(()) };
        let texts: Vec<_> = faults.into_iter().map(|fault| fault.text).collect();
        Err(Self { outcome, text: texts.join("; ") })
    }
}

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    /// The full name, as the suite builds it.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass; empty when it did.
    pub detail: String,
}

/// What a run found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The checks, in the order they were made.
    pub checks: Vec<Check>,
    counts: BTreeMap<Outcome, usize>,
}

impl Report {
    /// How many ended this way, as the suite counts.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.counts.get(&outcome).copied().unwrap_or_default()
    }

    /// All counts together: the suite's total.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// Every name, with how often it occurs.
    #[must_use]
    pub fn names(&self) -> BTreeMap<&str, usize> {
        self.checks.iter().fold(BTreeMap::new(), |mut names, check| {
            *names.entry(check.name.as_str()).or_default() += 1;
            names
        })
    }

    /// Writes a row down: the worst of what was found, each of which counts. That worst.
    pub(super) fn row(&mut self, name: String, found: impl IntoIterator<Item = Found>) -> Outcome {
        let mut row = Check { name, outcome: Outcome::Disabled, detail: String::new() };
        for found in found {
            let (outcome, detail) = found.map_or_else(|fault| (fault.outcome, fault.text), |()| (Outcome::Pass, String::new()));
            self.add(outcome);
            if outcome >= row.outcome {
                (row.outcome, row.detail) = (outcome, detail);
            }
        }
        let outcome = row.outcome;
        self.checks.push(row);
        outcome
    }

    /// Counts one more of an outcome.
    pub(super) fn add(&mut self, outcome: Outcome) {
        *self.counts.entry(outcome).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Outcome, Report};

    #[test]
    fn a_row_is_as_bad_as_the_worst_that_was_found_and_all_of_it_counts() {
        let mut report = Report::default();
        let found = [Ok(()), Err(Fault::new(Outcome::Fail, "still there")), Err(Fault::new(Outcome::Skip, "not offered"))];
        assert_eq!(report.row("a/b".to_owned(), found), Outcome::Fail);
        assert_eq!(report.row("a/b".to_owned(), [Ok(())]), Outcome::Pass);
        assert_eq!(report.checks[0].detail, "still there");
        assert_eq!(report.names().into_iter().collect::<Vec<_>>(), [("a/b", 2)]);
        let counts = [Outcome::Disabled, Outcome::Skip, Outcome::Pass, Outcome::Fail].map(|outcome| report.count(outcome));
        assert_eq!((counts, report.total()), ([0, 1, 2, 1], 4));
    }

    #[test]
    fn what_is_not_offered_excuses_what_is_wrong_beside_it_but_no_error() {
        let worst = |outcomes: &[Outcome]| {
            let faults = outcomes.iter().map(|outcome| Fault::new(*outcome, outcome.to_string())).collect();
            Fault::all(faults).err().map(|fault| (fault.outcome, fault.text))
        };
        assert_eq!(worst(&[]), None);
        assert_eq!(worst(&[Outcome::Fail]), Some((Outcome::Fail, "fail".to_owned())));
        assert_eq!(worst(&[Outcome::Fail, Outcome::Skip]), Some((Outcome::Skip, "fail; skip".to_owned())));
        assert_eq!(worst(&[Outcome::Error, Outcome::Skip]), Some((Outcome::Error, "error; skip".to_owned())));
    }
}
