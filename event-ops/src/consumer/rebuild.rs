//! `consumer rebuild`: a consumer begins again.

use std::str::FromStr;

use clap::Args;
use event_core::runtime::{Inbox, Origin, Rebuild, RebuildError, Rebuilt, Restart, Sinks, StartAt, Streams};
use event_core::{Sequence, Timestamp};

use super::failed;
use super::skip::{needs_reason, operator};
use crate::cli::{Answer, Format};
use crate::error::CannotRun;
use crate::words::count;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The consumer
    name: String,

    /// From where: `earliest`, a position (what is behind it), or a time (`2026-03-01T12:00:00Z`)
    #[arg(long, value_name = "PLACE", default_value = "earliest")]
    from: From,

    /// Begins with what is left where retention has dropped what came first
    #[arg(long)]
    accept_missing: bool,

    /// Tells what it would do, and does nothing
    #[arg(long)]
    dry_run: bool,

    /// Does it without asking; without a terminal nobody is asked anyway
    #[arg(long)]
    yes: bool,

    /// Why, for the audit
    #[arg(long, value_name = "WHY")]
    reason: String,

    /// Whom the audit names
    #[arg(long, value_name = "NAME", env = "USER")]
    by: Option<String>,
}

/// A place as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct From(StartAt);

impl FromStr for From {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "earliest" {
            return Ok(Self(StartAt::Earliest));
        }
        if let Ok(position) = text.parse::<u64>() {
            return Ok(Self(StartAt::After(Sequence::new(position))));
        }
        let time = text.parse::<Timestamp>().map(StartAt::Time).map(Self);
        time.map_err(|_| {
            format!("`{text}` is no place; write `earliest`, a position, or a time such as `2026-03-01T12:00:00Z`")
        })
    }
}

pub(super) async fn run<S>(store: S, options: &Options, format: Format) -> Result<Answer, CannotRun>
where
    S: Inbox + Streams + Origin + Sinks,
    S::Transaction: Restart,
{
    needs_reason(&options.reason)?;
    let question = format!("let `{}` begin again?", options.name);
    if !options.dry_run && !crate::confirm::is_meant(&question, options.yes) {
        return Err(CannotRun::new("nothing was rebuilt", "answer `y`, or give `--yes`"));
    }
    let rebuild = Rebuild::from(options.from.0).accept_missing(options.accept_missing).dry_run(options.dry_run);
    let operator = operator(store, options.by.as_deref());
    let done = operator.rebuild(&options.name, &rebuild, &options.reason).await.map_err(|error| refused(&error))?;
    if format == Format::Json {
        return Answer::json(
            &serde_json::json!({
                "consumer": options.name,
                "dry_run": options.dry_run,
                "marks": done.marks,
                "letters": done.letters,
                "ids": done.ids,
                "follows": done.follows,
                "has_outbox": done.has_outbox,
            }),
            0,
        );
    }
    Ok(Answer::fine(human(&options.name, &done, options.dry_run)))
}

fn human(name: &str, done: &Rebuilt, dry_run: bool) -> String {
    let number = |number: u64, what| count(i64::try_from(number).unwrap_or(i64::MAX), what);
    let (marks, letters, ids) = (number(done.marks, "mark"), number(done.letters, "letter"), number(done.ids, "id"));
    let did = if dry_run { "would be" } else { "were" };
    let next = if done.follows {
        format!("the sink `{name}` goes back as well: events are sent again by themselves")
    } else if done.has_outbox {
        "no sink has its name: once the next event of each slot comes, those before it are fetched,\n  if the consumer has \
         `Consumer::refetch`"
            .to_owned()
    } else {
        "its outbox is not in this database, or has a name of its own: once the next event of each slot\n  comes, those before \
         it are fetched, if the consumer has `Consumer::refetch` and they are still there"
            .to_owned()
    };
    format!(
        "`{name}` begins again: {marks} {did} moved, {letters} {did} deleted, {ids} {did} forgotten\n  {next}\n  what its handlers \
         wrote stays: empty those tables first\n"
    )
}

fn refused(error: &RebuildError) -> CannotRun {
    let message = error.to_string();
    match error {
        RebuildError::NoSuchConsumer(_) => {
            CannotRun::new(message, "see `event-ops status` for the consumers that there are")
        }
        RebuildError::Dropped { kept, .. } => CannotRun::new(
            message,
            format!(
                "begin behind them by `--from {}`, or with what is left in each slot by `--accept-missing`",
                kept.number()
            ),
        ),
        RebuildError::NoTimes(_) => {
            CannotRun::new(message, "begin at a position by `--from POSITION`, or `--from earliest`")
        }
        RebuildError::Store(error) => failed(error),
        _ => CannotRun::new(message, "look at the consumer"),
    }
}

#[cfg(test)]
mod tests {
    use super::{From, Sequence, StartAt};

    #[test]
    fn a_place_is_the_first_one_a_position_or_a_time() {
        let place = |text: &str| text.parse::<From>().map(|From(start)| start);
        assert_eq!(place("earliest"), Ok(StartAt::Earliest));
        assert_eq!(place("00042"), Ok(StartAt::After(Sequence::new(42))));
        assert!(matches!(place("2026-03-01T12:00:00Z"), Ok(StartAt::Time(_))));
        let said = "`yesterday` is no place; write `earliest`, a position, or a time such as `2026-03-01T12:00:00Z`";
        assert_eq!(place("yesterday"), Err(said.to_owned()));
    }
}
