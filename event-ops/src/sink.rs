//! `sink`: the destinations that are registered. One that nobody sends to any more has to be removed, or every event is
//! kept for it.

use clap::Subcommand;
use event_core::runtime::{Sinks, StoreError};
use event_core::{Sink, SinkState};
use event_sqlx::Store;

use crate::cli::{Answer, Format, Place};
use crate::connection::Database;
use crate::error::CannotRun;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Every registered sink, with its filter
    List,
    /// Removes a sink with its cursors and what is parked for it; its relays end
    Remove {
        /// The name of the sink
        name: String,
    },
}

pub(crate) async fn run(place: &Place, command: &Command, format: Format) -> Result<Answer, CannotRun> {
    let database = Database::open(place).await?;
    match command {
        Command::List => list(&sinks(&database).await?, format),
        Command::Remove { name } => remove(&database, name, format).await,
    }
}

async fn sinks(database: &Database) -> Result<Vec<SinkState>, CannotRun> {
    let sinks = match database {
        Database::Postgres(pool) => Store::new(pool.clone()).sinks().await,
        Database::Sqlite(pool) => Store::new(pool.clone()).sinks().await,
        Database::MySql(pool) => Store::new(pool.clone()).sinks().await,
    };
    sinks.map_err(|error| failed(&error))
}

fn list(sinks: &[SinkState], format: Format) -> Result<Answer, CannotRun> {
    if format == Format::Json {
        let sinks: Vec<_> = sinks
            .iter()
            .map(|state| {
                serde_json::json!({
                    "sink": state.sink.as_str(),
                    "filter": state.filter.to_string(),
                    "registered_at": state.registered_at.to_string(),
                })
            })
            .collect();
        return Answer::json(&serde_json::json!({ "sinks": sinks }), 0);
    }
    if sinks.is_empty() {
        return Ok(Answer::fine("no sink is registered; a relay registers its own when it starts\n"));
    }
    let line = |state: &SinkState| format!("{}  takes `{}`, since {}\n", state.sink, state.filter, state.registered_at);
    Ok(Answer::fine(sinks.iter().map(line).collect::<String>()))
}

async fn remove(database: &Database, name: &str, format: Format) -> Result<Answer, CannotRun> {
    let sink = Sink::new(name);
    let removed = match database {
        Database::Postgres(pool) => Store::new(pool.clone()).remove(&sink).await,
        Database::Sqlite(pool) => Store::new(pool.clone()).remove(&sink).await,
        Database::MySql(pool) => Store::new(pool.clone()).remove(&sink).await,
    };
    if !removed.map_err(|error| failed(&error))? {
        return Err(CannotRun::new(format!("there is no sink `{name}`"), "see `event-ops sink list`"));
    }
    match format {
        Format::Human => Ok(Answer::fine(format!("removed the sink `{name}`; retention no longer waits for it\n"))),
        Format::Json => Answer::json(&serde_json::json!({ "removed": name }), 0),
    }
}

fn failed(error: &StoreError) -> CannotRun {
    CannotRun::because(
        "the sinks stay as they are",
        error,
        "look whether the role may read and write every table `event_…`",
    )
}
