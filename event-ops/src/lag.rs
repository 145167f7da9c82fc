//! `lag`: how far each sink is behind, from its cursors: never by counting a whole table.

mod slots;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::cli::{Answer, Format, Place};
use crate::connection::{Database, unreadable};
use crate::error::CannotRun;
use crate::words::{age, count};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Counts at most so many events of each of the 64 slots
    #[arg(long, value_name = "EVENTS", default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(1..))]
    count: i64,

    /// A finding (exit code 1) where the oldest unsent event is older than so many seconds
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<i64>,
}

/// How far one sink is behind.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lag {
    sink: String,
    /// Behind the cursors; events that the sink's filter leaves out count until it has passed them.
    events: i64,
    /// Whether there are more than were counted.
    more: bool,
    oldest: Option<String>,
    age_seconds: Option<i64>,
}

impl Lag {
    fn is_over(&self, limit: Option<i64>) -> bool {
        limit.is_some_and(|limit| self.age_seconds.is_some_and(|age| age > limit))
    }

    fn line(&self) -> String {
        let more = if self.more { "+" } else { "" };
        match self.age_seconds {
            None => format!("{}  nothing to send\n", self.sink),
            Some(seconds) if self.events == 1 && !self.more => {
                format!("{}  1 event, {} old\n", self.sink, age(seconds))
            }
            Some(seconds) => format!("{}  {}{more} events, the oldest {} old\n", self.sink, self.events, age(seconds)),
        }
    }
}

pub(crate) async fn run(place: &Place, options: &Options, format: Format) -> Result<Answer, CannotRun> {
    let lags = read(&Database::open(place).await?, options.count).await?;
    let over = lags.iter().filter(|lag| lag.is_over(options.max_age)).count();
    let exit = u8::from(over > 0);
    if format == Format::Json {
        return Answer::json(&serde_json::json!({ "sinks": lags, "summary": { "over": over, "exit": exit } }), exit);
    }
    let mut text: String = lags.iter().map(Lag::line).collect();
    if lags.is_empty() {
        text.push_str("no sink is registered; a relay registers its own when it starts\n");
    }
    if let (Some(limit), 1..) = (options.max_age, over) {
        let sinks = count(i64::try_from(over).unwrap_or(i64::MAX), "sink");
        text.push_str(&format!("{sinks} behind by more than {}\n", age(limit)));
    }
    Ok(Answer { text, exit })
}

/// The lags of all sinks, by name.
pub(crate) async fn read(database: &Database, most: i64) -> Result<Vec<Lag>, CannotRun> {
    let document: Result<String, _> = match database {
        Database::Postgres(pool) => {
            sqlx::query_scalar(include_str!("../sql/postgres/lag.sql")).bind(most).fetch_one(pool).await
        }
        Database::Sqlite(pool) => {
            sqlx::query_scalar(include_str!("../sql/sqlite/lag.sql")).bind(most).fetch_one(pool).await
        }
        Database::MySql(pool) => return slots::read(pool, most).await.map_err(|error| unreadable(&error)),
    };
    let document = document.map_err(|error| unreadable(&error))?;
    serde_json::from_str(&document).map_err(|error| CannotRun::because("cannot read the lag", &error, "report this"))
}

#[cfg(test)]
mod tests {
    use super::Lag;

    fn lag(events: i64, more: bool, age_seconds: Option<i64>) -> Lag {
        Lag { sink: "billing".to_owned(), events, more, oldest: None, age_seconds }
    }

    #[test]
    fn a_lag_reads_well() {
        let lines =
            [lag(0, false, None), lag(1, false, Some(3)), lag(12, false, Some(61)), lag(640_000, true, Some(90_000))];
        insta::assert_snapshot!(lines.iter().map(Lag::line).collect::<String>(), @r"
        billing  nothing to send
        billing  1 event, 3 s old
        billing  12 events, the oldest 1 min 1 s old
        billing  640000+ events, the oldest 1 d 1 h old
        ");
    }

    #[test]
    fn a_limit_is_passed_by_what_is_older() {
        assert!(lag(1, false, Some(61)).is_over(Some(60)));
        assert!(!lag(1, false, Some(60)).is_over(Some(60)));
        assert!(!lag(0, false, None).is_over(Some(0)));
        assert!(!lag(1, false, Some(61)).is_over(None));
    }
}
