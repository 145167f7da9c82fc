//! The gate's answer as values; `report` renders it.

use serde_json::Value;

use super::plan::Plan;
use crate::discover::{Decoder, Place};
use crate::finding::{Finding, Level};
use crate::rules::{
    duplicate_event, event_removed, name_reused, unreadable_file, version_skipped, waiver_expired, waiver_unused,
};

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Status {
    /// As it was, docs and order aside.
    Unchanged,
    /// Changed so that old and new read each other.
    Additive,
    /// Not there before.
    New,
    /// Changed so that one side can't read the other, or wrong in itself.
    Breaking,
    /// Neither could be shown.
    Unknown,
    /// Committed, and no code declares it.
    Removed,
    /// Its life was ended.
    Retired,
    /// Of a dependency without schemas.
    Unguarded,
    /// Its committed files can't be read.
    Unreadable,
}

impl Status {
    /// Every status, in the order of summaries.
    pub const ALL: [Self; 9] = [
        Self::Unchanged,
        Self::Additive,
        Self::New,
        Self::Breaking,
        Self::Unknown,
        Self::Removed,
        Self::Retired,
        Self::Unguarded,
        Self::Unreadable,
    ];

    /// The word that reports print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Additive => "additive",
            Self::New => "new",
            Self::Breaking => "breaking",
            Self::Unknown => "unknown",
            Self::Removed => "removed",
            Self::Retired => "retired",
            Self::Unguarded => "unguarded",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A finding with its places in files.
#[derive(Debug, Clone)]
pub struct Reported {
    /// What a rule says.
    pub finding: Finding,
    /// The committed file that the pointer is in.
    pub file: String,
    /// The Rust line.
    pub rust: Option<Place>,
    /// What the field or variant on that line is called in Rust.
    pub token: Option<String>,
    /// Where within a nested type it is, and what the field or variant is called there.
    pub nested: Option<(Place, String)>,
    /// A value that shows it.
    pub counterexample: Option<Value>,
    /// serde's own words on that value.
    pub serde_error: Option<String>,
    /// What it is recognised by.
    pub fingerprint: String,
    /// Why it may pass, if it was accepted or waived.
    pub pardon: Option<String>,
}

/// What no reason can make harmless.
const NEVER: [&str; 6] = [
    duplicate_event::RULE.id,
    version_skipped::RULE.id,
    event_removed::RULE.id,
    unreadable_file::RULE.id,
    waiver_expired::RULE.id,
    waiver_unused::RULE.id,
];

impl Reported {
    /// Whether `accept --breaking` can record it, or a waiver let it pass.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        // A retired name has no second life; a field's name is about one direction.
        let retired = self.finding.rule == name_reused::RULE.id && self.finding.direction.is_none();
        !retired && !NEVER.contains(&self.finding.rule)
    }

    /// A finding that may pass is a note, and says why it may.
    pub(super) fn pardoned(mut self) -> Self {
        if !self.is_acceptable() || !self.denies() {
            self.pardon = None;
        }
        if let Some(pardon) = &self.pardon {
            self.finding.level = Level::Note;
            self.finding.help = Some(pardon.clone());
        }
        self
    }

    /// Whether it fails the gate.
    #[must_use]
    pub fn denies(&self) -> bool {
        self.finding.level == Level::Deny
    }
}

/// One version of an event.
#[derive(Debug, Clone)]
pub struct Row {
    /// The wire type.
    pub event_type: String,
    /// The version.
    pub event_version: u32,
    /// Whether it is somebody else's event.
    pub foreign: bool,
    /// What became of it.
    pub status: Status,
    /// Where the code declares it.
    pub rust: Option<Place>,
    /// Whether today's code reads what was stored.
    pub backward: Option<&'static str>,
    /// Whether a consumer on the old build reads today's events.
    pub forward: Option<&'static str>,
    /// What the rules say.
    pub findings: Vec<Reported>,
    /// What `accept` writes.
    pub plan: Option<Plan>,
    /// Who decodes the event.
    pub decoder: Option<Decoder>,
}

impl Row {
    /// Makes it breaking; where nothing was compared, both directions are what `word` says.
    pub(super) fn breaks(&mut self, word: &'static str) {
        self.status = Status::Breaking;
        self.backward.get_or_insert(word);
        self.forward.get_or_insert(word);
    }
}

/// The verdict on all.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// By type and version.
    pub rows: Vec<Row>,
    /// What else is worth saying.
    pub notes: Vec<String>,
}

/// A count per status, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Each status with its count, zeros included.
    pub counts: Vec<(Status, usize)>,
    /// 0, 1, 2 or 3.
    pub exit: u8,
}

impl Report {
    /// Counts the rows and decides on the exit code: 2 before 1 before 3.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |status: Status| self.rows.iter().filter(|row| row.status == status).count();
        Summary { counts: Status::ALL.map(|status| (status, count(status))).to_vec(), exit: self.exit() }
    }

    fn exit(&self) -> u8 {
        let any = |status: Status| self.rows.iter().any(|row| row.status == status);
        let failed = [Status::Breaking, Status::Unknown, Status::Removed].into_iter().any(any);
        let denied = self.rows.iter().flat_map(|row| &row.findings).any(Reported::denies);
        let stale = self.rows.iter().any(|row| row.plan.as_ref().is_some_and(Plan::is_due));
        match () {
            () if any(Status::Unreadable) => 2,
            () if failed || denied => 1,
            () if stale => 3,
            () => 0,
        }
    }
}
