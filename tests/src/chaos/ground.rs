//! The database that a run goes over: all that differs from one to another is in a file of its own. The schedule, the broker,
//! the workers' loops, the oracle and the verdict are the same for each.

mod books;
mod library;
mod mariadb;
mod postgres;
mod sqlite;

use std::future::Future;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use event_core::{EnqueueError, EventId, Handlers, Publish, Timestamp};
use event_sqlx::{Context, Transaction};
use sqlx::Pool;
use sqlx::error::DatabaseError;
use sqlx::pool::PoolOptions;
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::client::{BrokerSubscription, BrokerTransport};
use super::clock::Wrong;
use super::event::Counted;
use super::places::Census;
use super::random::Random;
use super::schedule::{Crash, Fault, Hold};
use super::verdict::Known;

pub use mariadb::Mariadb;
pub use postgres::Postgres;
pub use sqlite::Sqlite;

/// Whose database: the writers' with the outbox, or the consumers' with what was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Producers,
    Consumers,
    /// The same, with everything under SERIALIZABLE where there is a choice.
    StrictConsumers,
}

/// sqlx's connection to the database of a ground.
pub type ConnectionOf<G> = <<G as Base>::Db as sqlx::Database>::Connection;

/// All that a run needs of a database.
pub trait Ground: Base + Books + Library + Strangers + Naive {}

impl<G: Base + Books + Library + Strangers + Naive> Ground for G {}

/// What it is, how one gets in, and what of it can go wrong.
pub trait Base: Sized + Send + Sync + 'static {
    type Db: event_sqlx::Database;
    type Host: Host;

    /// A pool that connects when it is first used: the server may just be away.
    fn pool(address: &str, side: Side, connections: u32) -> Result<Pool<Self::Db>, Failure>;

    /// Makes the databases and their tables: `business`, `journal` and `applied`, as [`Books`] writes them, and ours.
    fn prepare(address: &str) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Isolates the transaction of a writer in one way or another, where it has a choice.
    fn isolate(
        connection: &mut ConnectionOf<Self>,
        random: &mut Random,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Whether an error may be gone on the next try.
    fn may_pass(error: &dyn DatabaseError) -> bool;

    /// What goes wrong with the database in one deal of the schedule.
    fn deal(random: &mut Random) -> Vec<Fault>;
}

/// The server or the file, as the conductor has it. Dropping it takes it down.
pub trait Host: Sized + Send {
    /// Starts it. What it keeps in `folder` outlives a run that went wrong.
    fn start(folder: &Path, seed: u64) -> Self;

    /// Where the workers find it; the same after every crash.
    fn address(&self) -> String;

    /// Ends it in some way, and starts it again.
    fn crash(&mut self, how: Crash);

    /// Takes a backup of the producers' database, where one can be restored.
    fn back_up(&mut self);

    /// Puts the producers' database, as it was then, in the place of the one that is, which can be asked where the answer
    /// says until [`Host::forget`]. `None` when it can't be done now.
    fn restore(&mut self, until: Timestamp) -> Option<String>;

    /// Takes away what was there before [`Host::restore`].
    fn forget(&mut self);

    /// Its processes that can be stopped for a while.
    fn processes(&self) -> Vec<u32>;

    /// Puts what it holds into `folder`, after a run that went wrong. It is not used any more.
    fn keep(&mut self, folder: &Path);
}

/// How long a worker waits for a connection.
const PATIENCE: Duration = Duration::from_millis(1000);

/// A pool of a worker, which has several connections; or of the conductor, which has one and all the time it needs.
fn pool_options<DB: sqlx::Database>(connections: u32) -> PoolOptions<DB> {
    let options = PoolOptions::new().max_connections(connections);
    if connections > 1 { options.acquire_timeout(PATIENCE) } else { options }
}

/// Copies the data folder of a server.
fn copy(data: &Path, folder: &Path) {
    let copied = Command::new("cp").arg("-a").args([data, folder]).status();
    if !copied.is_ok_and(|status| status.success()) {
        println!("cannot keep a copy of {}", data.display());
    }
}

/// What workers write down in tables of their own, in the same transactions as ours: the oracle trusts nothing else.
pub trait Books: Base {
    /// Counts a key up under the lock of its row.
    fn count_up(
        connection: &mut ConnectionOf<Self>,
        number: usize,
    ) -> impl Future<Output = Result<Counted, sqlx::Error>> + Send;

    /// Notes in the journal that an event was written.
    fn note(
        connection: &mut ConnectionOf<Self>,
        event: &Counted,
        id: &EventId,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Notes that an event was applied.
    fn apply(
        connection: &mut ConnectionOf<Self>,
        event: &Counted,
        id: &EventId,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Puts one into each of two accounts, in this order, and rests between.
    fn transfer(
        connection: &mut ConnectionOf<Self>,
        accounts: [&str; 2],
        between: Duration,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Every row of a table of ours, in the order that `statement` says: a name, a number, an id.
    fn ask(
        pool: &Pool<Self::Db>,
        statement: &'static str,
    ) -> impl Future<Output = Result<Vec<Known>, sqlx::Error>> + Send;

    /// Where every event is that was applied or set aside, all at one moment.
    fn census(pool: &Pool<Self::Db>) -> impl Future<Output = Result<Census, sqlx::Error>> + Send;
}

/// The library under test.
pub trait Library: Base {
    fn enqueue<E: Publish + Sync>(
        event: &E,
        tx: &mut Transaction<'_, Self::Db>,
    ) -> impl Future<Output = Result<EventId, EnqueueError>> + Send;

    fn enqueue_all<E: Publish + Sync>(
        events: &[E],
        tx: &mut Transaction<'_, Self::Db>,
    ) -> impl Future<Output = Result<Vec<EventId>, EnqueueError>> + Send;

    /// The relay that users run, with short leases.
    fn relay(
        pool: Pool<Self::Db>,
        equipment: (BrokerTransport, Option<Wrong>),
        ended: CancellationToken,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// The consumer that users run, with so many batches at a time.
    fn consume<H: for<'c> Handlers<Context<'c, Self::Db>> + 'static>(
        pool: Pool<Self::Db>,
        handlers: H,
        equipment: (BrokerSubscription, Wrong, usize),
        ended: CancellationToken,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// What operators do: they replay dead letters, and discard some.
    fn operate<H: for<'c> Handlers<Context<'c, Self::Db>> + 'static>(
        pool: Pool<Self::Db>,
        handlers: H,
        random: Random,
        ended: CancellationToken,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What others do in the database, without `event_sqlx::begin`.
pub trait Strangers: Base {
    /// One transaction with an event, as it is written without our transaction.
    fn write(pool: &Pool<Self::Db>, random: &mut Random) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Commits something in the producers' database: what comes before it can be restored.
    fn mark(address: &str) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Is in the way for a while, or until the server goes away.
    fn hold(address: &str, hold: Hold) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// A relay as it is often written, and wrong: it claims rows.
pub trait Naive: Base {
    /// What holds the rows that were claimed.
    type Claim: Send;

    /// Claims the oldest events that nobody else has claimed: the id, the key and the data of each.
    fn claim(
        pool: &Pool<Self::Db>,
        limit: i64,
    ) -> impl Future<Output = Result<(Self::Claim, Vec<[String; 3]>), Failure>> + Send;

    /// Removes those that were sent, and lets go of the others.
    fn settle(claim: Self::Claim, sent: &[String]) -> impl Future<Output = Result<(), Failure>> + Send;
}
