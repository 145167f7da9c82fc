//! `new-version`: writes the next version of an event into the source that declares it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use similar::TextDiff;

use super::arguments::{Arguments, NewVersion};
use super::check::State;
use super::environment::Environment;
use super::{Answer, Outcome, written};
use crate::baseline::Asked;
use crate::bump::{Bumped, Obstacle, Wanted, bump};
use crate::discover::Event;
use crate::error::CannotRun;
use crate::files::{self, Change};
use crate::gate::{Row, Status};
use crate::suggest::did_you_mean;

pub(super) fn run(arguments: &Arguments, asked: &NewVersion, environment: &Environment) -> Outcome {
    let mut state = State::load(arguments, environment, &Asked::default())?;
    let newest = newest(&state, &asked.event_type)?.clone();
    let report = state.judge();
    let of_event = |row: &&Row| row.event_type == newest.event_type && row.event_version == newest.event_version;
    report.rows.iter().find(of_event).map_or(Ok(()), |row| published(row, &newest))?;
    let path = state.root.join(&newest.place.file);
    let before = source(&path, &newest)?;
    let (event_type, version) = (newest.event_type.as_str(), newest.event_version);
    let wanted = Wanted { event_type, version, line: newest.place.line };
    let bumped = bump(&before, wanted).map_err(|obstacle| refused(&newest, obstacle))?;
    if asked.dry_run {
        let diff = TextDiff::from_lines(&before, &bumped.text);
        let (old, new) = (format!("a/{}", newest.place.file), format!("b/{}", newest.place.file));
        let text = diff.unified_diff().header(&old, &new).to_string();
        return Ok(Answer { text, ..Answer::default() });
    }
    let change = Change { path, text: bumped.text.clone() };
    files::write(std::slice::from_ref(&change))?;
    let text = written(arguments.format(environment), &[change], told(&newest, &bumped));
    Ok(Answer { text, ..Answer::default() })
}

/// The newest version of a type that the packages which are looked at declare.
fn newest<'a>(state: &'a State, event_type: &str) -> Result<&'a Event, CannotRun> {
    let own = || state.folders.iter().filter(|folder| folder.own);
    let events = || own().flat_map(|folder| folder.events.iter().chain(&folder.foreign.events));
    let of_type = events().filter(|event| event.event_type == event_type);
    of_type.max_by_key(|event| event.event_version).ok_or_else(|| {
        let known: BTreeSet<&str> = events().map(|event| event.event_type.as_str()).collect();
        let message = format!("no event has the type `{event_type}`{}", did_you_mean(event_type, known));
        CannotRun::new(message, "`schema-check list` names them all")
    })
}

/// Only what is published as it stands in the code needs a next version.
fn published(row: &Row, newest: &Event) -> Result<(), CannotRun> {
    let (name, version) = (&row.event_type, row.event_version);
    let place = format!("{}:{}", newest.place.file, newest.place.line);
    let (message, help) = match row.status {
        _ if newest.superseded => (
            format!("the newest version of `{name}`, v{version}, is `superseded`: nothing of it is published any more"),
            "to publish it again, write the next version by hand".to_owned(),
        ),
        Status::New => (
            format!("v{version} of `{name}` is not committed yet: nobody has seen it"),
            format!("change it in place, at {place}; or run `schema-check accept` first, where it is published"),
        ),
        Status::Additive => (
            format!("v{version} of `{name}` was changed, and the files lack it"),
            "an additive change needs no next version: run `schema-check accept`; then run this again".to_owned(),
        ),
        Status::Breaking | Status::Unknown | Status::Unreadable => (
            format!("v{version} of `{name}` in the code is not what is committed, so a copy of it would not be either"),
            format!("take the change at {place} back, run this again, and make the change in the next version"),
        ),
        _ => return Ok(()),
    };
    Err(CannotRun::new(message, help))
}

fn source(path: &Path, newest: &Event) -> Result<String, CannotRun> {
    if Path::new(&newest.place.file).is_absolute() || !path.is_file() {
        let message =
            format!("`{}`, where v{} is declared, is not in the workspace", newest.place.file, newest.event_version);
        return Err(CannotRun::new(message, "write the next version where that file is generated"));
    }
    fs::read_to_string(path).map_err(|error| {
        CannotRun::new(format!("cannot read `{}`", newest.place.file), "make the file readable").because(error)
    })
}

fn refused(newest: &Event, obstacle: Obstacle) -> CannotRun {
    let place = format!("{}:{}", newest.place.file, newest.place.line);
    CannotRun::new(format!("cannot bump `{}` at {place}: {}", newest.event_type, obstacle.message), obstacle.help)
}

fn told(newest: &Event, bumped: &Bumped) -> String {
    let (event_type, version, next) =
        (&newest.event_type, newest.event_version, newest.event_version.saturating_add(1));
    let Bumped { older, newest: name, shared, .. } = bumped;
    let mut text = format!(
        "wrote {event_type} v{next} in {}: `{name}` is v{next} now, `{older}` is v{version}\n",
        newest.place.file
    );
    if !shared.is_empty() {
        let shared: Vec<String> = shared.iter().map(|name| format!("`{name}`")).collect();
        text.push_str(&format!(
            "note: both versions share {}: an edit of such a type changes v{version} as well; copy it first\n",
            shared.join(", ")
        ));
    }
    text + &format!("next: change `{name}`, run `schema-check accept`, and commit both\n")
}
