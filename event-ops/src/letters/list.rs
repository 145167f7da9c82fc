//! `letters list`: a table that fits 100 columns, the error below each row.

use clap::{Args, ValueEnum};
use event_core::runtime::Letters;
use event_core::{Clock, Letter, LetterId, Place, SystemClock, Timestamp};

use super::options::Which;
use super::said::document;
use super::{PAGE, failed, why};
use crate::cli::{Answer, Format};
use crate::error::CannotRun;
use crate::words::{Row, age, clipped, count, table};

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,

    /// Where the letters are
    #[arg(long, value_enum, default_value_t = Where::DeadLetter)]
    place: Where,

    /// Shows at most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Where {
    /// It can't be applied until somebody decides
    DeadLetter,
    /// It failed, and is tried again
    Retry,
    /// It waits for an earlier event of its key
    Held,
    /// Its version is newer than the running build
    AwaitingDeploy,
    /// All of them
    Any,
}

impl Where {
    fn place(self) -> Option<Place> {
        match self {
            Self::DeadLetter => Some(Place::DeadLetter),
            Self::Retry => Some(Place::Retry),
            Self::Held => Some(Place::Held),
            Self::AwaitingDeploy => Some(Place::AwaitingDeploy),
            Self::Any => None,
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::DeadLetter => "dead letter",
            _ => "letter",
        }
    }
}

pub(super) async fn run<S: Letters>(store: &S, options: &Options, format: Format) -> Result<Answer, CannotRun> {
    let selection = options.which.at(options.place.place());
    let total = store.count(&selection).await.map_err(|error| failed(&error))?;
    let (mut letters, mut after) = (Vec::<Letter>::new(), LetterId::new(0));
    while (letters.len() as u64) < options.count {
        let limit = (options.count - letters.len() as u64).min(u64::from(PAGE));
        let page = store.find(&selection, after, u32::try_from(limit).unwrap_or(PAGE)).await;
        let page = page.map_err(|error| failed(&error))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        letters.extend(page);
    }
    let ids: Vec<_> = letters.iter().map(|letter| letter.id).collect();
    let held = store.behind(&ids).await.map_err(|error| failed(&error))?;
    if format == Format::Json {
        let letters: Vec<_> = letters.iter().zip(&held).map(|(letter, held)| document(letter, *held)).collect();
        return Answer::json(&serde_json::json!({ "letters": letters, "total": total }), 0);
    }
    Ok(Answer::fine(human(&letters, &held, total, options, SystemClock.now())))
}

fn human(letters: &[Letter], held: &[u64], total: u64, options: &Options, now: Timestamp) -> String {
    let what = options.place.what();
    if letters.is_empty() {
        return format!("no {what}s\n");
    }
    let shows_place = options.place.place() != Some(Place::DeadLetter);
    let rows = letters.iter().zip(held).map(|(letter, held)| row(letter, *held, shows_place, now));
    let class = if shows_place { "PLACE" } else { "CLASS" };
    let head = ["ID", "CONSUMER", "TYPE", "KEY", class, "TRIES", "AGE", "HELD"].map(str::to_owned);
    let mut text = table(head.into(), rows.collect(), &[0, 5, 7]);
    let all = count(i64::try_from(total).unwrap_or(i64::MAX), what);
    if (letters.len() as u64) < total {
        text.push_str(&format!("the oldest {} of {all}; `--count N` shows more\n", letters.len()));
    } else {
        text.push_str(&format!("{all}\n"));
    }
    text
}

fn row(letter: &Letter, held: u64, shows_place: bool, now: Timestamp) -> Row {
    let known = |text: Option<&str>, width| text.map_or("-".to_owned(), |text| clipped(text, width));
    let class = letter.class.map_or("-", event_core::Class::as_str);
    let waits = now.since(letter.since).as_secs();
    let cells = vec![
        letter.id.number().to_string(),
        clipped(&letter.consumer, 16),
        known(letter.event_type.as_deref(), 22),
        known(letter.partition_key.as_ref().map(|key| key.as_str()), 18),
        if shows_place { letter.place.as_str().to_owned() } else { class.to_owned() },
        letter.attempts.to_string(),
        age(i64::try_from(waits).unwrap_or(i64::MAX)),
        held.to_string(),
    ];
    let below = if letter.errors.is_empty() { String::new() } else { why(&letter.errors) };
    Row { cells, below }
}
