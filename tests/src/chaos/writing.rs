//! One transaction of a writer, of one kind or another.
//!
//! Each counts a key up under its row's lock, notes number and id of the event in the journal, and writes the event. So
//! the order of the numbers is the order of the commits, and the journal says what was committed, also where a writer was
//! killed while it did not know.

use std::time::Duration;

use event_core::{EventId, SystemClock};
use event_sqlx::{Enqueue, enqueue_all};
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::time::sleep;

use super::Failure;
use super::event::Counted;
use super::random::Random;
use super::site::{CROWD, KEYS, key};

type OurTransaction = event_sqlx::Transaction<'static, Postgres>;

/// What a transaction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One event.
    Plain(usize),
    /// An event of each of several keys, in an order that may be another one's backwards.
    Several(Vec<usize>),
    /// Several events in one statement.
    Together(Vec<usize>),
    /// An event in a savepoint that is rolled back, and then one that stays.
    Savepoint(usize, usize),
    /// Events that are taken back.
    RolledBack(Vec<usize>),
    /// Work between the event and the commit.
    Long(usize, Duration),
    /// A transaction of sqlx's own.
    Foreign(usize),
    /// A plain INSERT, as a writer in another language does it.
    Insert(usize),
}

impl Kind {
    /// A kind by chance. Some keys are much more in use than others.
    pub fn any(random: &mut Random) -> Self {
        match random.below(20) {
            0..=5 => Self::Plain(hot(random)),
            6..=8 => Self::Several(keys(random, 4)),
            9..=10 => Self::Together(keys(random, 12)),
            11..=12 => Self::Savepoint(hot(random), hot(random)),
            13..=14 => Self::RolledBack(keys(random, 3)),
            15 => Self::Long(hot(random), random.millis(50, 700)),
            16..=17 => Self::Foreign(hot(random)),
            _ => Self::Insert(hot(random)),
        }
    }
}

/// How the transaction is isolated.
pub fn isolation(random: &mut Random) -> &'static str {
    match random.below(10) {
        0 => "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        1 => "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        _ => "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
    }
}

/// A key by chance: one of three that wait for each other's rows, one of the crowd in one slot, or any.
fn hot(random: &mut Random) -> usize {
    match random.below(10) {
        0..=2 => random.place(3),
        3..=6 => KEYS + random.place(CROWD),
        _ => random.place(KEYS),
    }
}

fn keys(random: &mut Random, most: usize) -> Vec<usize> {
    (0..=random.place(most)).map(|_| hot(random)).collect()
}

/// Does it, on a connection of `pool`.
///
/// # Errors
/// When the database refuses, or goes away: the caller can't know then whether it was committed.
pub async fn write(pool: &PgPool, kind: &Kind, isolation: &'static str) -> Result<(), Failure> {
    if let Kind::Foreign(number) = kind {
        return write_in_transaction_of_sqlx(pool, *number, isolation).await;
    }
    let mut tx = event_sqlx::begin(pool).await?;
    sqlx::query(isolation).execute(tx.connection()).await?;
    match kind {
        Kind::Plain(number) => count(&mut tx, *number).await?,
        Kind::Several(numbers) | Kind::RolledBack(numbers) => {
            for number in numbers {
                count(&mut tx, *number).await?;
            }
        }
        Kind::Together(numbers) => count_together(&mut tx, numbers).await?,
        Kind::Savepoint(taken_back, stays) => count_in_savepoint(&mut tx, *taken_back, *stays).await?,
        Kind::Long(number, work) => {
            count(&mut tx, *number).await?;
            sleep(*work).await;
        }
        Kind::Insert(number) => insert(&mut tx, *number).await?,
        Kind::Foreign(_) => unreachable!("it was written above"),
    }
    if matches!(kind, Kind::RolledBack(_)) {
        return Ok(tx.rollback().await?);
    }
    Ok(tx.commit().await?)
}

async fn count(tx: &mut OurTransaction, number: usize) -> Result<(), Failure> {
    let event = count_up(tx.connection(), number).await?;
    let id = event.enqueue(&mut *tx).await?;
    note(tx.connection(), &event, &id).await
}

async fn count_together(tx: &mut OurTransaction, numbers: &[usize]) -> Result<(), Failure> {
    let mut events = Vec::new();
    for number in numbers {
        events.push(count_up(tx.connection(), *number).await?);
    }
    let ids = enqueue_all(&events, &mut *tx).await?;
    for (event, id) in events.iter().zip(&ids) {
        note(tx.connection(), event, id).await?;
    }
    Ok(())
}

async fn count_in_savepoint(tx: &mut OurTransaction, taken_back: usize, stays: usize) -> Result<(), Failure> {
    let mut savepoint = tx.savepoint().await?;
    let event = count_up(savepoint.connection(), taken_back).await?;
    let id = event.enqueue(&mut savepoint).await?;
    note(savepoint.connection(), &event, &id).await?;
    savepoint.rollback().await?;
    count(tx, stays).await
}

async fn insert(tx: &mut OurTransaction, number: usize) -> Result<(), Failure> {
    let event = count_up(tx.connection(), number).await?;
    let id = EventId::generate(&SystemClock);
    let statement = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
                     VALUES ($1::uuid, 'chaos', $2, 'chaos.counted', $3)";
    let insert = sqlx::query(statement).bind(id.as_str()).bind(&event.key).bind(serde_json::to_string(&event)?);
    insert.execute(tx.connection()).await?;
    note(tx.connection(), &event, &id).await
}

async fn write_in_transaction_of_sqlx(pool: &PgPool, number: usize, isolation: &'static str) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    sqlx::query(isolation).execute(&mut *tx).await?;
    let event = count_up(&mut tx, number).await?;
    let id = event.enqueue(&mut tx).await?;
    note(&mut tx, &event, &id).await?;
    Ok(tx.commit().await?)
}

async fn count_up(connection: &mut PgConnection, number: usize) -> Result<Counted, Failure> {
    let key = key(number);
    let statement = "UPDATE business SET n = n + 1 WHERE key = $1 RETURNING n";
    let n = sqlx::query_scalar(statement).bind(&key).fetch_one(connection).await?;
    Ok(Counted { key, n })
}

async fn note(connection: &mut PgConnection, event: &Counted, id: &EventId) -> Result<(), Failure> {
    let statement = "INSERT INTO journal (key, n, event_id) VALUES ($1, $2, $3::uuid)";
    sqlx::query(statement).bind(&event.key).bind(event.n).bind(id.as_str()).execute(connection).await?;
    Ok(())
}
