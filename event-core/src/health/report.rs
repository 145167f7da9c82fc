//! The health report: how bad it is, why, and what to type.

use std::fmt;
use std::time::Duration;

use super::{Census, Limit, Thresholds};
use crate::backlog::Place;
use crate::clock::Timestamp;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Level {
    /// All is well.
    #[default]
    Ok,
    /// Somebody should look today.
    Warn,
    /// Somebody should look now.
    Critical,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Critical => "critical",
        }
    }

    fn of<T: PartialOrd>(value: &T, limit: &Limit<T>) -> Self {
        match (*value >= limit.critical, *value >= limit.warn) {
            (true, _) => Self::Critical,
            (false, true) => Self::Warn,
            (false, false) => Self::Ok,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// How bad it is.
    pub level: Level,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.level, self.what, self.help)
    }
}

/// How a consumer is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Report {
    /// The worst of the reasons.
    pub level: Level,
    /// Why, the worst first; none when all is well.
    pub reasons: Vec<Reason>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reasons.is_empty() {
            return f.write_str(self.level.as_str());
        }
        for (index, reason) in self.reasons.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{reason}")?;
        }
        Ok(())
    }
}

impl Report {
    fn add(&mut self, level: Level, what: impl FnOnce() -> String, help: impl FnOnce() -> String) {
        if level > Level::Ok {
            self.reasons.push(Reason { level, what: what(), help: help() });
        }
    }

    fn sorted(mut self) -> Self {
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level));
        self.level = self.reasons.first().map_or(Level::Ok, |reason| reason.level);
        self
    }
}

/// Judges what `consumer` has not applied at `now`.
#[must_use]
pub fn examine(consumer: &str, census: &Census, thresholds: &Thresholds, now: Timestamp) -> Report {
    let age = |since: Option<Timestamp>| since.map_or(Duration::ZERO, |since| now.since(since));
    let (dead, dead_age) = (census.letters(Place::DeadLetter), age(census.oldest_dead_letter));
    let (held, late) = (census.letters(Place::Held), age(census.first_retry_due));
    let (gap_age, awaiting_age) = (age(census.oldest_gap), age(census.oldest_awaiting_deploy));
    let by_count = Level::of(&dead, &thresholds.dead_letters);
    let mut report = Report::default();
    report.add(
        if dead > 0 { by_count.max(Level::of(&dead_age, &thresholds.dead_letter_age)) } else { by_count },
        || format!("{}, the oldest for {}", counted(dead, "dead letter"), words(dead_age)),
        || format!("see `event-ops letters list --consumer {consumer}`, mend the cause, then replay or discard them"),
    );
    report.add(
        if census.gaps > 0 { Level::of(&gap_age, &thresholds.gap_age) } else { Level::Ok },
        || format!("events are missing on {}, the oldest for {}", counted(census.gaps, "stream"), words(gap_age)),
        || format!("see `event-ops consumer gaps {consumer}`, and whether the producer's relay runs"),
    );
    report.add(
        if awaiting_age.is_zero() { Level::Ok } else { Level::of(&awaiting_age, &thresholds.awaiting_deploy_age) },
        || {
            let events = counted(census.letters(Place::AwaitingDeploy), "event");
            format!("{events} of a newer version than this build reads, the oldest for {}", words(awaiting_age))
        },
        || "deploy a build of this consumer that reads that version".to_owned(),
    );
    report.add(
        if late.is_zero() { Level::Ok } else { Level::of(&late, &thresholds.retry_delay) },
        || format!("{} due, the first for {}", counted(census.retries_due, "retry"), words(late)),
        || "see whether the consumer runs, and raise its `concurrency` if it doesn't keep up".to_owned(),
    );
    report.add(
        Level::of(&held, &thresholds.held),
        || format!("{} held behind earlier ones of {}", counted(held, "event"), counted(census.held_keys, "key")),
        || {
            format!(
                "see `event-ops letters list --consumer {consumer}`: what they wait for is a retry or a dead letter"
            )
        },
    );
    report.sorted()
}

fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y').filter(|rest| rest.ends_with('r'))) {
        (1, _) => format!("1 {noun}"),
        (_, Some(rest)) => format!("{count} {rest}ies"),
        (_, None) => format!("{count} {noun}s"),
    }
}

/// The two largest units.
fn words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}
