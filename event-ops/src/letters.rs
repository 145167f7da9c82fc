//! `letters`: what consumers could not apply, found, shown, replayed by the running consumer, or discarded.

mod body;
mod discard;
mod list;
mod options;
mod progress;
mod replay;
mod said;
mod show;

use clap::Subcommand;
use event_core::runtime::{Operator, StoreError};
use event_core::{Letter, Selection};

use crate::cli::{Answer, Format, Place};
use crate::connection::{Database, on};
use crate::error::CannotRun;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The letters of a selection, the oldest first: dead letters unless `--place` says otherwise
    List(list::Options),
    /// All that is known of one letter: its envelope and data, its errors, what is held behind it
    Show {
        /// The number of the letter
        id: i64,
    },
    /// Has the running consumer try dead letters once more, and tells what became of them
    Replay(replay::Options),
    /// Takes dead letters out for good, with a reason for the audit; what was held behind them flows again
    Discard(discard::Options),
}

pub(crate) async fn run(place: &Place, command: &Command, format: Format) -> Result<Answer, CannotRun> {
    let database = Database::open(place).await?;
    match command {
        Command::List(options) => on!(database, store => list::run(&store, options, format).await),
        Command::Show { id } => on!(database, store => show::run(&store, *id, format).await),
        Command::Replay(options) => {
            on!(database, store => replay::run(&options.decision.operator(store), options, format).await)
        }
        Command::Discard(options) => {
            on!(database, store => discard::run(&options.decision.operator(store), options, format).await)
        }
    }
}

/// What was asked for, as a sentence has it: `12 dead letters of `billing``.
fn named(count: u64, selection: &Selection) -> String {
    let letters = crate::words::count(i64::try_from(count).unwrap_or(i64::MAX), "dead letter");
    let of = selection.consumer.as_ref().map(|consumer| format!(" of `{consumer}`")).unwrap_or_default();
    letters + &of
}

/// The error and its causes in one line.
fn why(errors: &[String]) -> String {
    if errors.is_empty() { "no error is known".to_owned() } else { errors.join(": ") }
}

fn failed(error: &StoreError) -> CannotRun {
    CannotRun::because(
        "the letters can't be worked on",
        error,
        "look whether the role may read and write every table `event_…`, and type it again: it goes on where it stopped",
    )
}

/// The letters of a selection, or those that were named.
enum Wanted<'o> {
    Named(&'o [i64]),
    Selected(Selection),
}

impl Wanted<'_> {
    /// How many there are, at most `most`.
    async fn count<S: event_core::runtime::Letters>(
        &self,
        operator: &Operator<S>,
        most: Option<u64>,
    ) -> Result<u64, CannotRun> {
        let found = match self {
            Self::Named(ids) => ids.len() as u64,
            Self::Selected(selection) => operator.store().count(selection).await.map_err(|error| failed(&error))?,
        };
        Ok(most.map_or(found, |most| found.min(most)))
    }

    /// The next page behind `after`.
    async fn page<S: event_core::runtime::Letters>(
        &self,
        operator: &Operator<S>,
        after: event_core::LetterId,
        limit: u64,
    ) -> Result<Vec<Letter>, CannotRun> {
        let limit = u32::try_from(limit).unwrap_or(PAGE).min(PAGE);
        let mut page = match self {
            Self::Selected(selection) => operator.store().find(selection, after, limit).await,
            Self::Named(ids) => {
                let ids: Vec<_> = ids.iter().copied().map(event_core::LetterId::new).filter(|id| *id > after).collect();
                operator.store().read(&ids).await
            }
        };
        if let Ok(page) = &mut page {
            page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        page.map_err(|error| failed(&error))
    }

    fn said(&self, count: u64) -> String {
        match self {
            Self::Named(_) => crate::words::count(i64::try_from(count).unwrap_or(i64::MAX), "letter"),
            Self::Selected(selection) => named(count, selection),
        }
    }
}

/// How many letters are read at a time.
const PAGE: u32 = 100;
