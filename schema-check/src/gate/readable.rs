//! `readable_since`: whether the readers of older versions understand what a version writes.

use std::ops::Range;

use serde_json::Value;

use super::compared::Case;
use super::report::{Reported, Row, Status};
use super::rows::subject;
use super::{Folder, fingerprint};
use crate::contain::{self, Options, Verdict, plainly};
use crate::discover::Event;
use crate::explain::explain;
use crate::files::{Judged, Revision};
use crate::finding::{Direction, Finding};
use crate::rules::{readable_since_false, undecided};

/// Adds what a claim that isn't proved comes to.
pub(super) fn check(folders: &[Folder], rows: &mut [Row]) {
    for folder in folders.iter().filter(|folder| folder.own) {
        for event in &folder.events {
            let is_of_event =
                |row: &&mut Row| row.rust.as_ref() == Some(&event.place) && row.event_version == event.event_version;
            let (Some(claim), Some(row)) = (Claim::of(folders, event), rows.iter_mut().find(is_of_event)) else {
                continue;
            };
            claim.judge(&Case { folder, event, now: &claim.now }, row);
        }
    }
}

/// An event that says of older readers that they understand it.
struct Claim<'a> {
    folders: &'a [Folder],
    event: &'a Event,
    now: Revision,
    older: Range<u32>,
}

/// An older version whose reader doesn't read the event, or may not.
struct Doubt {
    version: u32,
    reader: Revision,
    verdict: Verdict,
}

impl<'a> Claim<'a> {
    fn of(folders: &'a [Folder], event: &'a Event) -> Option<Self> {
        let first = event.readable_since.filter(|since| *since < event.event_version)?;
        Some(Self { folders, event, now: Revision::of(event), older: first..event.event_version })
    }

    fn judge(&self, case: &Case<'_>, row: &mut Row) {
        // From the nearest: what is proved without a gap can be claimed.
        let doubts: Vec<Doubt> = self.older.clone().rev().filter_map(|version| self.doubt(version)).collect();
        let Some(nearest) = doubts.first() else { return };
        let best = nearest.version.saturating_add(1);
        let broken = doubts.iter().find(|doubt| matches!(doubt.verdict, Verdict::Breaking { .. }));
        let reported = match broken.unwrap_or(nearest) {
            Doubt { version, reader, verdict: Verdict::Breaking { counterexample } } => {
                self.refuted(case, (*version, best), reader, counterexample)
            }
            Doubt { version, verdict: Verdict::Unknown { reason }, .. } => {
                let finding = readable_since_false::undecided(&subject(self.event), *version, best, reason);
                self.reported(case, finding, *version, None)
            }
            Doubt { .. } => return,
        };
        if reported.denies() {
            match reported.finding.rule == undecided::RULE.id && row.status != Status::Breaking {
                true => row.status = Status::Unknown,
                false => row.breaks("compatible"),
            }
            row.backward.get_or_insert("compatible");
            row.forward.get_or_insert("compatible");
        }
        row.findings.push(reported);
    }

    /// The reader of a version that is least fit, of all that were ever committed.
    fn doubt(&self, version: u32) -> Option<Doubt> {
        let judged = Judged::of(&self.now);
        let options = Options::default();
        let mut found: Option<Doubt> = None;
        for reader in self.readers(version) {
            let old = Judged::of(&reader);
            let verdict = contain::contained_in(judged.pair().writer, old.pair(), &options);
            let verdict = plainly(verdict, judged.pair().writer, old.pair(), &options);
            match verdict {
                Verdict::Compatible => {}
                Verdict::Breaking { .. } => return Some(Doubt { version, reader, verdict }),
                Verdict::Unknown { .. } => drop(found.get_or_insert(Doubt { version, reader, verdict })),
            }
        }
        found
    }

    /// What consumers that know the version may run: each committed revision, and what the code has of it.
    fn readers(&self, version: u32) -> Vec<Revision> {
        let event_type = self.event.event_type.as_str();
        let mut readers: Vec<Revision> = Vec::new();
        for folder in self.folders {
            let is_version = |event: &&Event| event.event_type == event_type && event.event_version == version;
            let code = folder.events.iter().filter(is_version).map(Revision::of);
            let states = [Some(&folder.files), folder.baseline.as_ref()].into_iter().flatten();
            let committed = states.filter_map(|state| state.get(event_type, version));
            let committed = committed.flat_map(|committed| committed.revisions()).map(|(_, revision)| revision.clone());
            for reader in code.chain(committed) {
                if !readers.contains(&reader) {
                    readers.push(reader);
                }
            }
        }
        readers
    }

    fn refuted(&self, case: &Case<'_>, (version, best): (u32, u32), reader: &Revision, example: &Value) -> Reported {
        let subject = subject(self.event);
        let (old, new, options) = (Judged::of(reader), Judged::of(&self.now), Options::default());
        let verdict = Verdict::Breaking { counterexample: example.clone() };
        let causes = explain(&subject, &old.pair(), &new.pair(), Direction::Forward, &verdict, &options);
        let cause = causes.first();
        let finding = readable_since_false::finding(&subject, version, best, cause.map(|cause| cause.message.as_str()));
        let field = cause.and_then(|cause| cause.field.clone()).unwrap_or_default();
        self.reported(case, finding.field(field), version, Some(example))
    }

    fn reported(&self, case: &Case<'_>, finding: Finding, version: u32, example: Option<&Value>) -> Reported {
        let content = format!("{} {version}", self.older.start);
        let fingerprint = fingerprint::of_content(&subject(self.event), &finding, &content);
        let reported = case.reported(finding, None, example);
        Reported { pardon: case.folder.waivers.pardon(&fingerprint), fingerprint, ..reported }.pardoned()
    }
}
