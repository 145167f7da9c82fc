//! What can be typed after `chaos`.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The crash harness and its workers.
#[derive(Debug, Parser)]
pub struct Cli {
    #[command(subcommand)]
    pub program: Program,
}

#[derive(Debug, Subcommand)]
pub enum Program {
    /// Runs everything, and judges it. Exits with 0 only if nothing was lost, applied twice, inverted or misplaced, and
    /// no ghost seen.
    Conduct(Options),
    /// Commits events, and rolls some back.
    Write(Site),
    /// Commits events without `event_sqlx::begin`.
    Strange(Site),
    /// Publishes with the relay of event-core.
    Relay(Site),
    /// Publishes with the naive relay.
    NaiveRelay(Site),
    /// Applies what arrives.
    Consume(Site),
    /// Replays dead letters, and discards some.
    Operate(Site),
}

impl Program {
    /// The database that it is about.
    pub fn database(&self) -> Database {
        match self {
            Self::Conduct(options) => options.database,
            Self::Write(site)
            | Self::Strange(site)
            | Self::Relay(site)
            | Self::NaiveRelay(site)
            | Self::Consume(site)
            | Self::Operate(site) => site.database,
        }
    }
}

/// The databases that a run can go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Database {
    Postgres,
    Mariadb,
    Sqlite,
}

/// A run.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How long things go wrong.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub seconds: u64,

    /// What the run follows from; a new one unless given.
    #[arg(long, value_name = "S", default_value_t = fresh_seed())]
    pub seed: u64,

    /// The database that it goes over.
    #[arg(long, value_enum, default_value = "postgres")]
    pub database: Database,

    /// Run the naive relay, to see the inversions that the oracle finds.
    #[arg(long)]
    pub naive: bool,

    /// Never put the producers' database back to a point some seconds ago.
    #[arg(long)]
    pub without_restores: bool,

    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=8))]
    pub relays: u16,

    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=8))]
    pub consumers: u16,

    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=8))]
    pub writers: u16,
}

impl Options {
    pub fn length(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// A build of the service: the newer one has newer versions of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Build {
    Older,
    Newer,
}

/// What a worker is told.
#[derive(Debug, Clone, Args)]
pub struct Site {
    #[arg(long, value_enum)]
    pub database: Database,

    /// Where it is: the address of a server, or a file.
    #[arg(long, value_name = "ADDRESS")]
    pub address: String,

    #[arg(long, value_name = "ADDRESS")]
    pub broker: SocketAddr,

    #[arg(long, value_name = "S")]
    pub seed: u64,

    /// Which one of its role it is.
    #[arg(long, value_name = "N")]
    pub place: usize,

    /// Of which build it is.
    #[arg(long, value_enum, default_value = "older")]
    pub build: Build,

    /// How many at its place went before it.
    #[arg(long, value_name = "N")]
    pub life: usize,
}

fn fresh_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| u64::from(time.subsec_nanos()) % 1_000_000)
}
