//! Waivers that are over, and waivers that let nothing pass.

use super::report::{Report, Reported, Row, Status};
use super::rows::{bare, empty};
use super::{Folder, fingerprint};
use crate::files::{WAIVERS, Waiver};
use crate::finding::{Finding, Subject};
use crate::rules::{waiver_expired, waiver_unused};

/// Adds the findings to the rows that the waivers are about.
pub(super) fn check(folders: &[Folder], rows: &mut Vec<Row>) {
    for folder in folders.iter().filter(|folder| folder.own) {
        for (number, waiver) in folder.waivers.waivers.iter().enumerate() {
            let Some(finding) = judged(folder, waiver, rows) else { continue };
            let reported = reported(folder, waiver, number, finding);
            row_of(waiver, rows).findings.push(reported);
        }
    }
}

fn judged(folder: &Folder, waiver: &Waiver, rows: &[Row]) -> Option<Finding> {
    let subject = subject(waiver);
    let mut findings = rows.iter().flat_map(|row| &row.findings);
    let present = findings.find(|reported| reported.fingerprint == waiver.fingerprint);
    match present {
        _ if folder.waivers.is_over(waiver) => {
            Some(waiver_expired::finding(&subject, &waiver.rule, &waiver.expires, present.is_some()))
        }
        None => Some(waiver_unused::finding(&subject, &waiver.rule, &waiver.fingerprint)),
        Some(reported) if !reported.is_acceptable() => Some(waiver_unused::of_no_use(&subject, &waiver.rule)),
        Some(_) => None,
    }
}

/// The finding at its block in `waivers.toml`.
fn reported(folder: &Folder, waiver: &Waiver, number: usize, finding: Finding) -> Reported {
    let recognised = Finding { pointer: waiver.fingerprint.clone(), ..finding.clone() };
    let fingerprint = fingerprint::of(&subject(waiver), &recognised, None, None);
    let placed = Finding { pointer: format!("/waiver/{number}"), ..finding };
    Reported { fingerprint, ..bare(folder, &subject(waiver), placed, WAIVERS) }
}

/// The row of the version that a waiver names; one of its own where nobody knows that version.
fn row_of<'a>(waiver: &Waiver, rows: &'a mut Vec<Row>) -> &'a mut Row {
    let named = |row: &Row| row.event_type == waiver.event_type && row.event_version == waiver.version;
    let at = rows.iter().position(named).unwrap_or_else(|| {
        rows.push(Row { status: Status::Removed, ..empty(&subject(waiver)) });
        rows.len() - 1
    });
    rows.get_mut(at).expect("the place of a row that was found or pushed")
}

fn subject(waiver: &Waiver) -> Subject<'_> {
    Subject { event_type: &waiver.event_type, event_version: waiver.version }
}

impl Report {
    /// The finding that a waiver would be for, by its fingerprint.
    #[must_use]
    pub fn finding(&self, fingerprint: &str) -> Option<(&Row, &Reported)> {
        let all = self.rows.iter().flat_map(|row| row.findings.iter().map(move |reported| (row, reported)));
        all.into_iter().find(|(_, reported)| reported.fingerprint == fingerprint)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::super::{Foreign, judge};
    use super::*;
    use crate::discover::Event;
    use crate::files::{Revision, Schemas, Tree, Waivers, append};
    use crate::finding::Level;

    fn schemas(event: &Event) -> Schemas {
        let revision = Revision::of(event);
        let file = |role: &str| format!("{}/v{}.{role}.json", event.event_type, event.event_version);
        let text = |schema: &serde_json::Value| schema.to_string().into_bytes();
        let tree = [(file("writer"), text(&revision.writer)), (file("reader"), text(&revision.reader))];
        Schemas::read(&Tree::from(tree))
    }

    /// A number became a text, with these waivers, on a day.
    fn judged(waivers: Vec<Waiver>, today: &str) -> Report {
        let with = |schema: serde_json::Value| Event {
            writer: schema.clone(),
            reader: schema,
            ..Event::sample("order.placed", 1)
        };
        let (before, after) = (with(json!({ "type": "integer" })), with(json!({ "type": "string" })));
        let tree = Tree::from([(WAIVERS.to_owned(), append("", waivers, Vec::new()).into_bytes())]);
        let waivers = Waivers::read(&tree, "schemas", today).unwrap();
        let (path, shown, files) = ("schemas".into(), "schemas".to_owned(), schemas(&before));
        judge(&[Folder {
            path,
            shown,
            own: true,
            events: vec![after],
            files,
            waivers,
            baseline: None,
            foreign: Foreign::default(),
            trials: Vec::new(),
        }])
    }

    fn waivers() -> Vec<Waiver> {
        let report = judged(Vec::new(), "2026-06-01");
        let waiver = |reported: &Reported| Waiver {
            event_type: "order.placed".to_owned(),
            version: 1,
            rule: reported.finding.rule.to_owned(),
            pointer: reported.finding.pointer.clone(),
            fingerprint: reported.fingerprint.clone(),
            reason: "one consumer, deployed with us".to_owned(),
            expires: "2026-06-30".to_owned(),
        };
        report.rows[0].findings.iter().map(waiver).collect()
    }

    fn rules(report: &Report) -> Vec<(&str, Level)> {
        let findings = report.rows.iter().flat_map(|row| &row.findings);
        findings.map(|reported| (reported.finding.rule, reported.finding.level)).collect()
    }

    #[test]
    fn a_waived_finding_is_a_note_with_its_reason_and_its_last_day() {
        let report = judged(waivers(), "2026-06-30");
        assert_eq!(rules(&report), [("field_type_changed", Level::Note); 2]);
        let help = report.rows[0].findings[0].finding.help.as_deref();
        assert_eq!(help, Some("waived until 2026-06-30: one consumer, deployed with us"));
        // The files lack it: that is another matter.
        assert_eq!((report.rows[0].status, report.summary().exit), (Status::Additive, 3));
    }

    #[test]
    fn a_waiver_that_is_over_fails_beside_what_it_let_pass() {
        let report = judged(waivers(), "2026-07-01");
        let denied = |rule| [(rule, Level::Deny); 2];
        assert_eq!(rules(&report), [denied("field_type_changed"), denied("waiver_expired")].concat());
        assert_eq!((report.rows[0].status, report.summary().exit), (Status::Breaking, 1));
        let expired = &report.rows[0].findings[2];
        assert_eq!((expired.file.as_str(), expired.finding.pointer.as_str()), ("schemas/waivers.toml", "/waiver/0"));
    }

    #[test]
    fn a_waiver_of_nothing_fails() {
        let unused = Waiver { fingerprint: "0011".to_owned(), ..waivers()[0].clone() };
        let report = judged([waivers(), vec![unused.clone()]].concat(), "2026-06-01");
        assert_eq!(rules(&report)[2], ("waiver_unused", Level::Deny));
        assert_eq!((report.rows[0].status, report.summary().exit), (Status::Additive, 1));
        // Nobody knows the version: it has a row all the same, or nobody would see it.
        let elsewhere = Waiver { version: 7, ..unused };
        let report = judged([waivers(), vec![elsewhere]].concat(), "2026-06-01");
        assert_eq!((report.rows[1].event_version, report.rows[1].findings[0].finding.rule), (7, "waiver_unused"));
    }
}
