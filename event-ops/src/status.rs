//! `status`: the outbox, its sinks and relays, its partitions, and what consumers have not applied.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::cli::{Answer, Format, Place};
use crate::connection::{Database, unreadable};
use crate::error::CannotRun;
use crate::words::{count, time};

#[derive(Debug, Serialize, Deserialize)]
struct Status {
    database: String,
    schema: Option<String>,
    outbox: Outbox,
    migrations: Vec<Migration>,
    sinks: Vec<Sink>,
    partitions: Option<Partitions>,
    log: Log,
    consumers: Vec<Consumer>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Outbox {
    /// Unless the service gives its store another name.
    name: String,
    epoch: i64,
    kept_since: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Migration {
    version: i64,
    name: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Sink {
    sink: String,
    filter: String,
    registered_at: String,
    parked: i64,
    free_slots: i64,
    relays: Vec<Relay>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Relay {
    owner: String,
    seen_until: String,
    slots: i64,
    leased_until: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Partitions {
    first: Option<String>,
    until: Option<String>,
    count: i64,
    days_ahead: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Log {
    position: i64,
    until: Option<i64>,
    count: i64,
    /// On MySQL and MariaDB: how many events were committed without a position, and given one later.
    swept: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Consumer {
    consumer: String,
    retry: i64,
    held: i64,
    awaiting_deploy: i64,
    dead_letter: i64,
}

pub(crate) async fn run(place: &Place, format: Format) -> Result<Answer, CannotRun> {
    let document: Result<String, _> = match Database::open(place).await? {
        Database::Postgres(pool) => {
            sqlx::query_scalar(include_str!("../sql/postgres/status.sql")).fetch_one(&pool).await
        }
        Database::Sqlite(pool) => sqlx::query_scalar(include_str!("../sql/sqlite/status.sql")).fetch_one(&pool).await,
        Database::MySql(pool) => sqlx::query_scalar(include_str!("../sql/mysql/status.sql")).fetch_one(&pool).await,
    };
    let document = document.map_err(|error| unreadable(&error))?;
    let mut status: Status = serde_json::from_str(&document)
        .map_err(|error| CannotRun::because("cannot read the status", &error, "report this"))?;
    status.sort();
    match format {
        Format::Human => Ok(Answer::fine(human(&status))),
        Format::Json => Answer::json(&status, 0),
    }
}

impl Status {
    /// By name: MySQL has no order within an array.
    fn sort(&mut self) {
        self.migrations.sort_by_key(|migration| migration.version);
        self.sinks.sort_by(|one, other| one.sink.cmp(&other.sink));
        for sink in &mut self.sinks {
            sink.relays.sort_by(|one, other| one.owner.cmp(&other.owner));
        }
        self.consumers.sort_by(|one, other| one.consumer.cmp(&other.consumer));
    }
}

fn human(status: &Status) -> String {
    let mut text = String::new();
    let version = status.migrations.last().map_or(0, |migration| migration.version);
    let schema = status.schema.as_ref().map(|schema| format!(", schema `{schema}`")).unwrap_or_default();
    line(&mut text, 0, &format!("outbox `{}` on {}{schema}", status.outbox.name, status.database));
    line(
        &mut text,
        1,
        &format!("epoch {}, tables of version {version}, last position {}", status.outbox.epoch, status.log.position),
    );
    if let Some(since) = &status.outbox.kept_since {
        line(&mut text, 1, &format!("events before {} were dropped", time(since)));
    }
    if let Some(partitions) = &status.partitions {
        line(&mut text, 1, &partitions_line(partitions, &status.log));
    }
    if let Some(swept @ 1..) = status.log.swept {
        line(&mut text, 1, &format!("{} committed without a position, and swept", count(swept, "event")));
    }
    for sink in &status.sinks {
        sink_lines(&mut text, sink);
    }
    if status.sinks.is_empty() {
        line(&mut text, 0, "no sink is registered; a relay registers its own when it starts");
    }
    for consumer in &status.consumers {
        line(&mut text, 0, &consumer_line(consumer));
    }
    text
}

fn partitions_line(partitions: &Partitions, log: &Log) -> String {
    let of = |time: &Option<String>| time.as_ref().and_then(|time| time.get(..10)).unwrap_or("never").to_owned();
    let ahead = partitions.days_ahead.unwrap_or(0);
    format!(
        "{} from {} until {} ({} ahead), {} of the log until position {}",
        count(partitions.count, "partition"),
        of(&partitions.first),
        of(&partitions.until),
        count(ahead, "day"),
        log.count,
        log.until.unwrap_or(0)
    )
}

fn sink_lines(text: &mut String, sink: &Sink) {
    let parked = if sink.parked > 0 { format!(", {} parked", count(sink.parked, "event")) } else { String::new() };
    line(
        text,
        0,
        &format!("sink `{}` takes `{}`, since {}{parked}", sink.sink, sink.filter, time(&sink.registered_at)),
    );
    for relay in &sink.relays {
        let leased = relay.leased_until.as_ref().map(|until| format!(" until {}", time(until))).unwrap_or_default();
        line(text, 1, &format!("relay `{}` has {}{leased}", relay.owner, count(relay.slots, "slot")));
    }
    if sink.relays.is_empty() {
        line(text, 1, "no relay runs");
    } else if sink.free_slots > 0 {
        line(text, 1, &format!("nobody has {}", count(sink.free_slots, "slot")));
    }
}

fn consumer_line(consumer: &Consumer) -> String {
    let places = [
        (consumer.dead_letter, "dead letter"),
        (consumer.retry, "in retry"),
        (consumer.held, "held"),
        (consumer.awaiting_deploy, "awaiting a deploy"),
    ];
    let said: Vec<_> = places
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| if *what == "dead letter" { count(*number, what) } else { format!("{number} {what}") })
        .collect();
    let said = if said.is_empty() { "nothing left behind".to_owned() } else { said.join(", ") };
    format!("consumer `{}`: {said}", consumer.consumer)
}

fn line(text: &mut String, indent: usize, said: &str) {
    // Writing to a text can't fail.
    let _ = writeln!(text, "{:width$}{said}", "", width = indent * 2);
}
