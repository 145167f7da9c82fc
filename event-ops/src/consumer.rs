//! `consumer`: what is missing on its streams, skipped by hand, and a consumer that begins again.

mod gaps;
mod rebuild;
mod skip;

use clap::Subcommand;
use event_core::runtime::StoreError;

use crate::cli::{Answer, Format, Place};
use crate::connection::{Database, on};
use crate::error::CannotRun;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The events for which consumers wait, since when, and whether the outbox has them
    Gaps {
        /// The consumer; all of them unless given
        name: Option<String>,
    },
    /// Moves a consumer past events that will never come, with a reason for the audit
    Skip(skip::Options),
    /// Lets a consumer begin again: its marks go back, and what it remembers is forgotten
    Rebuild(rebuild::Options),
}

pub(crate) async fn run(place: &Place, command: &Command, format: Format) -> Result<Answer, CannotRun> {
    let database = Database::open(place).await?;
    match command {
        Command::Gaps { name } => on!(database, store => gaps::run(&store, name.as_deref(), format).await),
        Command::Skip(options) => on!(database, store => skip::run(store, options, format).await),
        Command::Rebuild(options) => on!(database, store => rebuild::run(store, options, format).await),
    }
}

fn failed(error: &StoreError) -> CannotRun {
    CannotRun::because(
        "the consumer stays as it is",
        error,
        "look whether the role may read and write every table `event_…`",
    )
}
