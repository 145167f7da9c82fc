//! One event against every revision that was ever committed of its version.

use serde_json::Value;

use super::report::Reported;
use super::{Folder, fingerprint, lines};
use crate::contain::{self, Comparison, Options, Pair, Verdict, plainly};
use crate::discover::Event;
use crate::explain::{explain, notes, warnings};
use crate::files::{Judged, Revision, current_file, history_file};
use crate::finding::{Direction, Finding, Side, Subject};
use crate::rules::{
    aggregate_changed, cannot_read_itself, key_changed, name_reused, schema_looser_than_decoder, unsafe_attribute,
};

/// What the comparisons came to.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) backward: &'static str,
    pub(super) forward: &'static str,
    pub(super) findings: Vec<Reported>,
}

/// An earlier revision and where it stands in the files.
#[derive(Clone, Copy)]
pub(super) struct Earlier<'a> {
    pub(super) number: Option<u32>,
    pub(super) revision: &'a Revision,
}

/// An event, what it is now, and the place of its findings.
pub(super) struct Case<'a> {
    pub(super) folder: &'a Folder,
    pub(super) event: &'a Event,
    pub(super) now: &'a Revision,
}

impl Case<'_> {
    fn subject(&self) -> Subject<'_> {
        Subject { event_type: &self.event.event_type, event_version: self.event.event_version }
    }

    /// Compares with everything that was committed; `latest` is the revision that counts.
    pub(super) fn compare(&self, latest: Option<&Revision>) -> Compared {
        let mut compared = Compared { backward: "compatible", forward: "compatible", findings: Vec::new() };
        let mut seen = Vec::new();
        for earlier in self.earlier() {
            // What is committed as it would be written, to the byte, is as it was.
            if earlier.revision == self.now {
                continue;
            }
            self.card(earlier, &mut compared);
            let meaning = earlier.revision.meaning();
            if seen.is_empty() {
                seen.push(self.now.meaning());
            }
            #[cfg(test)]
            tests::LOOKED_AT.with(|count| count.set(count.get() + 1));
            if seen.contains(&meaning) {
                continue;
            }
            seen.push(meaning);
            self.schemas(earlier, latest, &mut compared);
        }
        if !compared.findings.iter().any(|reported| reported.denies() || reported.pardon.is_some()) {
            self.notes(&mut compared);
        }
        compared
    }

    /// What is worth telling of a change that fails nothing; history is no change any more.
    fn notes(&self, compared: &mut Compared) {
        let new = Judged::of(self.now);
        for earlier in self.earlier().into_iter().filter(|it| it.number.is_none() && it.revision != self.now) {
            for (note, example) in notes(&self.subject(), &Judged::of(earlier.revision).pair(), &new.pair()) {
                self.add(compared, note, earlier, example.as_ref());
            }
        }
    }

    fn earlier(&self) -> Vec<Earlier<'_>> {
        let (event_type, version) = (&self.event.event_type, self.event.event_version);
        let sources = [Some(&self.folder.files), self.folder.baseline.as_ref()];
        let committed = sources.into_iter().flatten().filter_map(|schemas| schemas.get(event_type, version));
        let mut all: Vec<Earlier<'_>> = committed
            .flat_map(|committed| committed.revisions())
            .map(|(number, revision)| Earlier { number, revision })
            .collect();
        // The latest first: its findings are those that a reader expects.
        all.sort_by_key(|earlier| std::cmp::Reverse(earlier.number.unwrap_or(u32::MAX)));
        all
    }

    fn card(&self, earlier: Earlier<'_>, compared: &mut Compared) {
        if earlier.number.is_some() {
            return;
        }
        let text = |revision: &Revision, name| revision.card(name).and_then(Value::as_str).map(str::to_owned);
        let (subject, old) = (self.subject(), earlier.revision);
        if old.writer.get("x-event").is_none() {
            return;
        }
        let (before, after) = (text(old, "key"), text(self.now, "key"));
        if before != after {
            let finding = key_changed::finding(&subject, before.as_deref(), after.as_deref());
            self.add(compared, finding, earlier, None);
        }
        if let (Some(before), Some(after)) = (text(old, "aggregate"), text(self.now, "aggregate"))
            && before != after
        {
            self.add(compared, aggregate_changed::finding(&subject, &before, &after), earlier, None);
        }
    }

    fn schemas(&self, earlier: Earlier<'_>, latest: Option<&Revision>, compared: &mut Compared) {
        let (old, new) = (Judged::of(earlier.revision), Judged::of(self.now));
        let options = Options::default();
        let Comparison { backward, forward, .. } = contain::compare(old.pair(), new.pair(), &options);
        let backward = plainly(backward, old.pair().writer, new.pair(), &options);
        let forward = plainly(forward, new.pair().writer, old.pair(), &options);
        for (direction, verdict) in [(Direction::Backward, &backward), (Direction::Forward, &forward)] {
            let subject = self.subject();
            let mut findings = explain(&subject, &old.pair(), &new.pair(), direction, verdict, &options);
            if let (Some(_), Some(latest)) = (earlier.number, latest) {
                findings = name_reused::recast(findings, &subject, &Judged::of(latest).pair());
            }
            let counterexample = match verdict {
                Verdict::Breaking { counterexample, .. } => Some(counterexample),
                _ => None,
            };
            let mut open = false;
            for finding in findings {
                open |= self.add(compared, finding, earlier, counterexample);
            }
            if open {
                let word = match direction {
                    Direction::Backward => &mut compared.backward,
                    Direction::Forward => &mut compared.forward,
                };
                *word = worse(word, verdict.word());
            }
        }
        if earlier.number.is_none() && [&backward, &forward].iter().all(|side| matches!(side, Verdict::Compatible)) {
            for finding in warnings(&self.subject(), &old.pair(), &new.pair()) {
                self.add(compared, finding, earlier, None);
            }
        }
    }

    /// An event that can't read itself is broken whatever was committed.
    pub(super) fn itself(&self) -> Option<Reported> {
        let judged = Judged::of(self.now);
        let pair = judged.pair();
        let options = Options::default();
        let verdict = contain::contained(pair.writer, pair.reader, &options);
        let verdict = plainly(verdict, pair.writer, Pair::both(pair.reader), &options);
        let Verdict::Breaking { counterexample, .. } = verdict else { return None };
        let finding = cannot_read_itself::finding(&self.subject(), "", "");
        Some(self.reported(finding, None, Some(&counterexample)))
    }

    /// What no verdict depends on: places that nothing could be learned of, unsafe attributes on their own lines.
    pub(super) fn remarks(&self) -> impl Iterator<Item = Reported> {
        let missed = self
            .event
            .missed
            .iter()
            .map(|missed| schema_looser_than_decoder::finding(&self.subject(), &missed.pointer, &missed.error));
        missed.map(|finding| self.reported(finding, None, None)).chain(self.hazards())
    }

    fn hazards(&self) -> impl Iterator<Item = Reported> {
        self.event.hazards.iter().map(|hazard| {
            let reported = self.reported(unsafe_attribute::finding(&self.subject(), hazard), None, None);
            Reported { rust: Some(hazard.place.clone()), token: Some(hazard.about.clone()), ..reported }
        })
    }

    /// Adds a finding once; tells whether it fails the gate.
    fn add(
        &self,
        compared: &mut Compared,
        finding: Finding,
        earlier: Earlier<'_>,
        counterexample: Option<&Value>,
    ) -> bool {
        let reported = self.reported(finding, Some(earlier), counterexample);
        let denies = reported.denies();
        if !compared.findings.iter().any(|known| known.fingerprint == reported.fingerprint) {
            compared.findings.push(reported);
        }
        denies
    }

    /// The finding with its file and line; one that may pass is a note.
    pub(super) fn reported(
        &self,
        finding: Finding,
        earlier: Option<Earlier<'_>>,
        counterexample: Option<&Value>,
    ) -> Reported {
        let before = earlier.map(|earlier| earlier.revision);
        let fingerprint = fingerprint::of(&self.subject(), &finding, before, Some(self.now));
        let (event_type, version) = (self.event.event_type.as_str(), self.event.event_version);
        let file = match (finding.side, earlier.and_then(|earlier| earlier.number)) {
            (Side::Old, Some(number)) => history_file(event_type, version, number, finding.role),
            _ => current_file(event_type, version, finding.role),
        };
        let (rust, token) = lines::of(self.event, self.now, &finding);
        let reported = Reported {
            file: format!("{}/{file}", self.folder.shown),
            rust: Some(rust),
            token,
            nested: lines::nested(self.event, self.now, &finding),
            counterexample: counterexample.cloned(),
            serde_error: None,
            pardon: self.folder.waivers.pardon(&fingerprint),
            fingerprint,
            finding,
        };
        reported.pardoned()
    }
}

/// A break weighs more than what is unknown.
pub(super) fn worse(before: &'static str, now: &'static str) -> &'static str {
    let weight = |word: &str| ["compatible", "unknown", "breaking"].iter().position(|known| *known == word);
    if weight(now) > weight(before) { now } else { before }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::super::{Foreign, Status, judge};
    use super::*;
    use crate::files::{Schemas, Tree, Waivers, render};
    use crate::finding::Role;

    thread_local! {
        /// How many committed revisions were looked at more closely.
        pub(super) static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn what_is_committed_to_the_byte_is_not_compared() {
        let mut events: Vec<Event> = (1..=300).map(|version| Event::sample("a.b", version)).collect();
        let mut tree = Tree::new();
        for event in &events {
            let revision = Revision::of(event);
            for (role, schema) in [(Role::Writer, &revision.writer), (Role::Reader, &revision.reader)] {
                tree.insert(current_file("a.b", event.event_version, role), render(schema).into_bytes());
            }
        }
        let judged = |events: Vec<Event>| {
            let (path, shown, files) = ("schemas".into(), "schemas".to_owned(), Schemas::read(&tree));
            let (waivers, foreign) = (Waivers::default(), Foreign::default());
            LOOKED_AT.set(0);
            let report = judge(&[Folder {
                path,
                shown,
                own: true,
                events,
                files,
                waivers,
                baseline: None,
                foreign,
                trials: Vec::new(),
            }]);
            (report.summary().counts[0], LOOKED_AT.get())
        };
        assert_eq!(judged(events.clone()), ((Status::Unchanged, 300), 0));
        events[7].writer = json!({ "type": "object", "properties": {}, "description": "other words" });
        assert_eq!(judged(events), ((Status::Unchanged, 300), 1));
    }
}
