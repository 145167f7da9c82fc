//! `list`: the events of the code and of the files, one for each type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::check::State;
use super::environment::Environment;
use super::{Answer, Outcome};
use crate::baseline::Asked;
use crate::discover::Place;
use crate::files::render;
use crate::gate::Folder;
use crate::report::Format;

/// One type.
#[derive(Debug, Default)]
struct Listed {
    versions: BTreeSet<u32>,
    live: BTreeSet<u32>,
    key: Option<String>,
    rust: Option<Place>,
}

pub(super) fn run(arguments: &Arguments, environment: &Environment) -> Outcome {
    let state = State::load(arguments, environment, &Asked::default())?;
    let listed = listed(&state.folders);
    let text = match arguments.format(environment) {
        Format::Json => render(&json!({ "events": listed.iter().map(as_json).collect::<Vec<_>>() })),
        _ if listed.is_empty() => "note: no events and no schemas\n".to_owned(),
        _ => listed.iter().map(as_line).collect(),
    };
    Ok(Answer { text, ..Answer::default() })
}

/// By type; an owner and a reader of it in one workspace are two lines.
type ByType = BTreeMap<(String, bool), Listed>;

fn listed(folders: &[Folder]) -> ByType {
    let mut listed = ByType::new();
    for folder in folders {
        for event in folder.events.iter().chain(&folder.foreign.events) {
            let entry = listed.entry((event.event_type.clone(), event.foreign)).or_default();
            if entry.versions.last().is_none_or(|newest| *newest < event.event_version) || entry.rust.is_none() {
                (entry.key, entry.rust) = (event.wire_key(), Some(event.place.clone()));
            }
            entry.versions.insert(event.event_version);
            entry.live.insert(event.event_version);
        }
    }
    for (event_type, version, committed) in
        folders.iter().filter(|folder| folder.own).flat_map(|folder| folder.files.versions())
    {
        let entry = listed.entry((event_type.to_owned(), false)).or_default();
        entry.versions.insert(version);
        if !committed.is_retired() {
            entry.live.insert(version);
        }
        if entry.rust.is_none() {
            let key = committed.current.as_ref().and_then(|current| current.card("key"));
            entry.key = key.and_then(Value::as_str).map(str::to_owned);
        }
    }
    listed
}

fn as_json(((event_type, foreign), listed): (&(String, bool), &Listed)) -> Value {
    let mut value = json!({
        "type": event_type,
        "versions": listed.versions,
        "key": listed.key,
        "rust": listed.rust.as_ref().map(|rust| json!({ "file": rust.file, "line": rust.line })),
        "retired": listed.live.is_empty(),
    });
    if let (true, Some(object)) = (*foreign, value.as_object_mut()) {
        object.insert("foreign".to_owned(), Value::Bool(true));
    }
    value
}

fn as_line(((event_type, foreign), listed): (&(String, bool), &Listed)) -> String {
    let versions: Vec<String> = listed.versions.iter().map(|version| format!("v{version}")).collect();
    let place =
        listed.rust.as_ref().map_or_else(|| "no code".to_owned(), |rust| format!("{}:{}", rust.file, rust.line));
    // A reader doesn't say which key the producer has.
    let key = listed.key.as_deref().unwrap_or(if *foreign { "-" } else { "keyless" });
    let mark = match (foreign, listed.live.is_empty()) {
        (true, _) => "  foreign",
        (false, true) => "  retired",
        (false, false) => "",
    };
    format!("{event_type}  {}  {key}  {place}{mark}\n", versions.join(" "))
}
