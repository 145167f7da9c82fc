//! Answers, counted.

use std::collections::BTreeMap;
use std::fmt;

use super::case::{CORPORA, Case, DIRECTIONS, EDITS};
use super::program::{Answer, Answers};

/// How many answers of a group in a direction are what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// What holds was said.
    pub right: usize,
    /// Nothing was said.
    pub unknown: usize,
    /// `compatible` was said of what breaks, or `breaking` of what doesn't.
    pub unsound: usize,
}

impl Score {
    /// All answers.
    #[must_use]
    pub fn total(self) -> usize {
        self.right + self.unknown + self.unsound
    }

    fn and(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            unknown: self.unknown + other.unknown,
            unsound: self.unsound + other.unsound,
        }
    }
}

/// The scores of one program, by group and direction.
#[derive(Debug, Default)]
pub struct Scores {
    by_group: BTreeMap<(String, usize), Score>,
    missed: Vec<(bool, String)>,
}

impl Scores {
    /// Counts the answers to some cases.
    #[must_use]
    pub fn of(cases: &[Case], answers: &Answers) -> Self {
        let mut scores = Self::default();
        for (number, case) in cases.iter().enumerate() {
            let Some(answers) = answers.to(number) else { continue };
            for (direction, (truth, answer)) in case.truth.iter().zip(answers).enumerate() {
                if let Some(truth) = truth {
                    scores.count(case, direction, *truth, answer);
                }
            }
        }
        scores
    }

    fn count(&mut self, case: &Case, direction: usize, truth: bool, answer: &Answer) {
        let score = self.by_group.entry((case.group.clone(), direction)).or_default();
        let expected = if truth { "compatible" } else { "breaking" };
        let place = format!("{} {} {}", case.group, case.id, DIRECTIONS.get(direction).unwrap_or(&""));
        match answer.verdict.as_str() {
            said if said == expected => score.right += 1,
            "compatible" | "breaking" => {
                score.unsound += 1;
                if !case.is_apart() {
                    self.missed.push((true, format!("unsound: {place} is {expected}")));
                }
            }
            _ => {
                score.unknown += 1;
                if !case.is_apart() {
                    self.missed.push((false, format!("unknown: {place} is {expected}: {}", answer.reason)));
                }
            }
        }
    }

    /// The score of a group in a direction.
    #[must_use]
    pub fn get(&self, group: &str, direction: usize) -> Score {
        self.by_group.get(&(group.to_owned(), direction)).copied().unwrap_or_default()
    }

    /// The groups, those that are kept apart last.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = self.by_group.keys().map(|(group, _)| group.as_str()).collect();
        groups.dedup();
        groups.sort_by_key(|group| (group.contains('('), group.starts_with(EDITS)));
        groups
    }

    /// All corpora together, without what is kept apart.
    #[must_use]
    pub fn corpora(&self) -> Score {
        let each = CORPORA.iter().flat_map(|name| [self.get(name, 0), self.get(name, 1)]);
        each.fold(Score::default(), Score::and)
    }

    /// The edits to Rust types.
    #[must_use]
    pub fn edits(&self) -> Score {
        self.get(EDITS, 0).and(self.get(EDITS, 1))
    }

    /// Prints each unsound answer, and each missing one if asked.
    pub fn print_what_is_not_right(&self, unknown: bool) {
        for (_, line) in self.missed.iter().filter(|(unsound, _)| *unsound || unknown) {
            println!("{line}");
        }
    }
}

/// Why the exam is failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// Unsound answers.
    Unsound(usize),
    /// Fewer right answers to the corpora than 97 in 100.
    TooFewRight(Score),
    /// More answers missing to the corpora than 2 in 100.
    TooManyUnknown(Score),
    /// An edit to a Rust type is judged otherwise than by serde.
    Edits(Score),
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsound(many) => write!(f, "failed: {many} unsound answers"),
            Self::TooFewRight(score) => write!(f, "failed: {} of {} right, 97 % are asked", score.right, score.total()),
            Self::TooManyUnknown(score) => {
                write!(f, "failed: {} of {} unknown, 2 % are allowed", score.unknown, score.total())
            }
            Self::Edits(score) => write!(f, "failed: {} of {} edits right, all are asked", score.right, score.total()),
        }
    }
}

/// What of the aims isn't reached.
#[must_use]
pub fn shortfalls(scores: &Scores) -> Vec<Shortfall> {
    let (corpora, edits) = (scores.corpora(), scores.edits());
    let unsound = corpora.unsound + edits.unsound;
    let mut found = Vec::new();
    found.extend((unsound > 0).then_some(Shortfall::Unsound(unsound)));
    found.extend((corpora.right * 100 < corpora.total() * 97).then_some(Shortfall::TooFewRight(corpora)));
    found.extend((corpora.unknown * 100 > corpora.total() * 2).then_some(Shortfall::TooManyUnknown(corpora)));
    found.extend((edits.right < edits.total()).then_some(Shortfall::Edits(edits)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(group: &str, right: usize, unknown: usize, unsound: usize) -> Scores {
        let score = Score { right, unknown, unsound };
        Scores { by_group: BTreeMap::from([((group.to_owned(), 0), score)]), missed: Vec::new() }
    }

    #[test]
    fn one_unsound_answer_fails() {
        assert_eq!(shortfalls(&scores("iglu", 1000, 0, 1)), [Shortfall::Unsound(1)]);
        assert_eq!(shortfalls(&scores("iglu", 1000, 0, 0)), []);
    }

    #[test]
    fn too_many_unknown_answers_fail() {
        let score = Score { right: 98, unknown: 3, unsound: 0 };
        assert_eq!(shortfalls(&scores("iglu", 98, 3, 0)), [Shortfall::TooManyUnknown(score)]);
        assert_eq!(shortfalls(&scores("iglu", 98, 2, 0)), []);
    }

    #[test]
    fn an_edit_that_is_not_known_fails() {
        let score = Score { right: 89, unknown: 1, unsound: 0 };
        assert_eq!(shortfalls(&scores(EDITS, 89, 1, 0)), [Shortfall::Edits(score)]);
    }

    #[test]
    fn what_is_kept_apart_counts_for_nothing() {
        assert_eq!(shortfalls(&scores("iglu (tagged)", 0, 5, 5)), []);
    }
}
