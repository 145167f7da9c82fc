//! `retire`: ends a version's life. Nothing is built: the committed files say what there is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::arguments::{Arguments, Retire};
use super::check::folders;
use super::environment::Environment;
use super::{Answer, Outcome, written};
use crate::discover::Project;
use crate::error::CannotRun;
use crate::files::{self, Change, Committed, Revision, current_file, render};
use crate::finding::Role;
use crate::gate::Folder;
use crate::suggest::did_you_mean;

pub(super) fn run(arguments: &Arguments, retire: &Retire, environment: &Environment) -> Outcome {
    let project = Project::load(arguments.cargo_flags(environment))?;
    let folders = folders(&project, arguments.gate.schemas.as_deref(), &environment.today)?;
    let (folder, committed) = committed(&folders, retire)?;
    let current = readable(folder, committed)?;
    if let Some(retired) = current.card("retired").filter(|_| current.is_retired()) {
        let text = format!("{} v{} is retired already{}\n", retire.event_type, retire.version, since(retired));
        return Ok(Answer { text: written(arguments.format(environment), &[], text), ..Answer::default() });
    }
    let writer = ended(current, &retire.reason, &environment.today);
    let path = folder.path.join(current_file(&retire.event_type, retire.version, Role::Writer));
    let change = Change { path, text: render(&writer) };
    files::write(std::slice::from_ref(&change))?;
    let text = written(arguments.format(environment), &[change], told(folder, retire));
    Ok(Answer { text, ..Answer::default() })
}

fn committed<'a>(folders: &'a [Folder], retire: &Retire) -> Result<(&'a Folder, &'a Committed), CannotRun> {
    let mut all = folders.iter();
    let found = all.find_map(|folder| Some((folder, folder.files.get(&retire.event_type, retire.version)?)));
    found.ok_or_else(|| unknown(folders, retire))
}

fn unknown(folders: &[Folder], retire: &Retire) -> CannotRun {
    let versions = folders.iter().flat_map(|folder| folder.files.versions());
    let known: BTreeSet<(&str, u32)> = versions.map(|(event_type, version, _)| (event_type, version)).collect();
    let of_type = known.iter().filter(|(event_type, _)| *event_type == retire.event_type);
    let of_type: Vec<String> = of_type.map(|(_, version)| format!("v{version}")).collect();
    if of_type.is_empty() {
        let types: BTreeSet<&str> = known.iter().map(|(event_type, _)| *event_type).collect();
        let message =
            format!("no schema of `{}` is committed{}", retire.event_type, did_you_mean(&retire.event_type, types));
        return CannotRun::new(message, "`schema-check list` names what is; what was never accepted needs no end");
    }
    let message = format!("v{} of `{}` is not committed", retire.version, retire.event_type);
    CannotRun::new(message, format!("committed are {}", of_type.join(", ")))
}

fn readable<'a>(folder: &Folder, committed: &'a Committed) -> Result<&'a Revision, CannotRun> {
    let unreadable = committed.unreadable.first().map(|unreadable| {
        let message = format!("cannot read `{}/{}`: {}", folder.shown, unreadable.file, unreadable.message);
        CannotRun::new(message, "mend the file, or bring it back from git")
    });
    let none = || CannotRun::new("only earlier revisions of it are there", "bring its files back from git");
    unreadable.map_or_else(|| committed.current.as_ref().ok_or_else(none), Err)
}

/// The writer's schema with the end of its life on its card.
fn ended(current: &Revision, reason: &str, today: &str) -> Value {
    let mut writer = current.writer.clone();
    let card = writer.as_object_mut().map(|writer| writer.entry("x-event").or_insert_with(|| json!({})));
    if let Some(card) = card.and_then(Value::as_object_mut) {
        card.insert("retired".to_owned(), json!({ "reason": reason, "date": today }));
    }
    writer
}

fn since(retired: &Value) -> String {
    let text = |name: &str| retired.get(name).and_then(Value::as_str);
    match (text("date"), text("reason")) {
        (Some(date), Some(reason)) => format!(", since {date}: {reason}"),
        _ => String::new(),
    }
}

fn told(folder: &Folder, retire: &Retire) -> String {
    let Retire { event_type, version, .. } = retire;
    let others = folder.files.versions().filter(|(known, _, committed)| known == event_type && !committed.is_retired());
    let others: Vec<u32> = others.map(|(_, version, _)| version).filter(|other| other != version).collect();
    let older = others.iter().any(|other| other < version);
    let newer = others.iter().find(|other| *other > version);
    let struct_ = match newer {
        _ if older => {
            format!("keep its struct, marked `superseded`: what is stored of older versions is read through v{version}")
        }
        Some(newer) => format!(
            "its struct may go; v{newer} then says `since = {newer}` in place of `from`. Until it goes it stays marked `superseded`"
        ),
        None => "its struct may go. Until it goes it has to be marked `superseded`".to_owned(),
    };
    format!(
        "retired {event_type} v{version}; the name is never free again\nnext: {struct_}; commit {}/\n",
        folder.shown
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_end_stands_on_the_card_and_nothing_else_changes() {
        let revision = Revision {
            writer: json!({ "x-event": { "retired": null, "key": "a" }, "type": "null" }),
            reader: json!({}),
        };
        let ended = ended(&revision, "sold", "2026-01-31");
        let card = json!({ "retired": { "reason": "sold", "date": "2026-01-31" }, "key": "a" });
        assert_eq!(ended, json!({ "x-event": card, "type": "null" }));
        assert_eq!(since(ended.pointer("/x-event/retired").unwrap()), ", since 2026-01-31: sold");
        assert_eq!(since(&json!(true)), "");
    }
}
