//! `letters show`: all that is known of one letter.

use event_core::runtime::Letters;
use event_core::{Clock, Letter, LetterId, Place, SystemClock, Timestamp};

use super::{body, failed, said};
use crate::cli::{Answer, Format};
use crate::error::CannotRun;
use crate::words::{age, count, time};

pub(super) async fn run<S: Letters>(store: &S, id: i64, format: Format) -> Result<Answer, CannotRun> {
    let ids = [LetterId::new(id)];
    let found = store.read(&ids).await.map_err(|error| failed(&error))?;
    let Some(letter) = found.first() else { return Err(missing(id)) };
    let held = store.behind(&ids).await.map_err(|error| failed(&error))?.first().copied().unwrap_or(0);
    match format {
        Format::Json => Answer::json(&said::whole(letter, held), 0),
        Format::Human => Ok(Answer::fine(human(letter, held, SystemClock.now()))),
    }
}

pub(super) fn missing(id: i64) -> CannotRun {
    CannotRun::new(
        format!("there is no letter {id}: it was replayed or discarded, if it was there"),
        "see `event-ops letters list`, and the table `event_audit` for what was decided",
    )
}

fn human(letter: &Letter, held: u64, now: Timestamp) -> String {
    let known = |text: Option<&str>| text.unwrap_or("not known").to_owned();
    let class = letter.class.map(|class| format!(", {}", class.as_str())).unwrap_or_default();
    let since = i64::try_from(now.since(letter.since).as_secs()).unwrap_or(i64::MAX);
    let came = format!("{} UTC, {} ago", time(&letter.since.to_string()), age(since));
    let event = match (&letter.event_type, letter.event_version) {
        (Some(event_type), Some(version)) => format!("{event_type} version {version}"),
        _ => "none: the message can't be read as one".to_owned(),
    };
    let behind = match held {
        0 => String::new(),
        1 => ", 1 event is held behind it".to_owned(),
        more => format!(", {more} events are held behind it"),
    };
    let fields = [
        ("came", came),
        ("tried", count(i64::from(letter.attempts), "time") + &next_try(letter)),
        ("event", event),
        ("id", known(letter.event_id.as_ref().map(|id| id.as_str()))),
        ("key", known(letter.partition_key.as_ref().map(|key| key.as_str())) + &behind),
        ("source", known(letter.source.as_ref().map(|source| source.as_str()))),
    ];
    let fields: String = fields.iter().map(|(name, said)| format!("  {name:<7} {said}\n")).collect();
    let errors: String = letter.errors.iter().map(|error| format!("    {}\n", error.replace('\n', "\n    "))).collect();
    let errors = if errors.is_empty() { String::new() } else { format!("  errors, the outermost first\n{errors}") };
    let message = body::pretty(&letter.body).replace('\n', "\n    ");
    let id = letter.id.number();
    let next = next(letter, id);
    format!(
        "letter {id} of `{}`: {}{class}\n{fields}{errors}  message\n    {message}\n{next}",
        letter.consumer,
        letter.place.as_str()
    )
}

fn next_try(letter: &Letter) -> String {
    match (letter.replay.is_some(), letter.due_at) {
        (true, _) => ", and once more as soon as the consumer looks: somebody has asked for a replay".to_owned(),
        (false, Some(due)) => format!(", and again at {} UTC", time(&due.to_string())),
        (false, None) => String::new(),
    }
}

fn next(letter: &Letter, id: i64) -> String {
    match letter.place {
        Place::DeadLetter => {
            format!("  = next: `event-ops letters replay {id}`, or `event-ops letters discard {id} --reason WHY`\n")
        }
        Place::Held => "  = next: decide about the letter of its key that it waits for\n".to_owned(),
        Place::AwaitingDeploy => "  = next: deploy a build that reads its version\n".to_owned(),
        _ => String::new(),
    }
}
