//! Versions whose schemas changed places: told as such, and not field by field.

use super::compared::Case;
use super::report::{Row, Status};
use super::rows::subject;
use super::{Folder, fingerprint};
use crate::discover::Event;
use crate::files::Revision;
use crate::rules::versions_swapped;

/// Puts one finding in place of those about fields, where a version is what is committed as another.
pub(super) fn check(folder: &Folder, rows: &mut [Row]) {
    for event in folder.events.iter().filter(|_| folder.own) {
        let is_of_event = |row: &&mut Row| row.rust.as_ref() == Some(&event.place) && row.status == Status::Breaking;
        let Some(row) = rows.iter_mut().find(is_of_event) else { continue };
        let Some(other) = taken(folder, event) else { continue };
        let now = Revision::of(event);
        let is_of_schemas =
            |reported: &super::report::Reported| reported.denies() && reported.finding.direction.is_some();
        let example = row.findings.iter().find(|one| is_of_schemas(one)).and_then(|one| one.counterexample.clone());
        let finding = versions_swapped::finding(&subject(event), other);
        let reported = Case { folder, event, now: &now }.reported(finding, None, example.as_ref());
        let fingerprint = fingerprint::of_content(&subject(event), &reported.finding, &other.to_string());
        let pardon = folder.waivers.pardon(&fingerprint);
        let reported = super::report::Reported { fingerprint, pardon, ..reported }.pardoned();
        row.findings.retain(|one| !is_of_schemas(one));
        row.findings.push(reported);
    }
}

/// The other version whose committed schemas the event has now, unless that version still has them itself.
fn taken(folder: &Folder, event: &Event) -> Option<u32> {
    let others = folder
        .events
        .iter()
        .filter(|other| other.event_type == event.event_type && other.event_version != event.event_version);
    let now = Revision::of(event).meaning();
    let committed = |version: u32| Some(folder.files.get(&event.event_type, version)?.current.as_ref()?.meaning());
    let mut others = others.filter(|other| {
        committed(other.event_version)
            .is_some_and(|committed| committed == now && Revision::of(other).meaning() != committed)
    });
    others.next().map(|other| other.event_version)
}
