//! The intake: one transaction per line stores the order, enqueues the event and moves the line position.

use event_core::{EnqueueError, Envelope, EnvelopeError, EventId, ReadError};
use event_sqlx::{Enqueue, Transaction};
use sqlx::{Sqlite, SqlitePool};
use thiserror::Error;

use super::lines::Line;
use crate::shop::{OrderPlaced, insert_order};

/// Under which name the intake remembers events and keeps dead letters.
const CONSUMER: &str = "intake";

/// Takes the lines of one file into a database.
#[derive(Debug)]
pub struct Intake {
    pool: SqlitePool,
    file: String,
}

/// Why the intake stopped. Poison lines don't stop it: they become dead letters.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The database failed.
    #[error("cannot take line {line} in")]
    Database {
        /// The number of the line, from 1.
        line: i64,
        /// What failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The position could not be read.
    #[error("cannot read how far the intake has come")]
    Position(#[source] sqlx::Error),
}

/// Why a line is poison.
#[derive(Debug, Error)]
enum Poison {
    #[error("the line has more than 8 MiB")]
    TooLong,
    #[error("the line is no event")]
    NoEvent(#[source] EnvelopeError),
    #[error("the line has no `data`")]
    NoData,
    #[error("the line is no order that we can read")]
    NoOrder(#[source] ReadError),
    #[error("the order can't be placed")]
    NotPlaced(#[source] EnqueueError),
}

/// What became of a line.
enum Taken {
    Placed,
    Duplicate,
    Poison(Box<Refused>),
}

/// A line that is poison, and its envelope if it has one.
struct Refused {
    poison: Poison,
    envelope: Option<Envelope>,
}

impl Refused {
    fn new(poison: Poison, envelope: Option<Envelope>) -> Box<Self> {
        Box::new(Self { poison, envelope })
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Intake {
    /// The intake of a file of this name.
    #[must_use]
    pub fn new(pool: SqlitePool, file: impl Into<String>) -> Self {
        Self { pool, file: file.into() }
    }

    /// How many lines were taken in so far.
    ///
    /// # Errors
    /// When the database can't be read.
    ///
    /// # Cancel safety
    /// Nothing is written.
    pub async fn position(&self) -> Result<i64, IntakeError> {
        let lines = sqlx::query_scalar("SELECT lines FROM intake WHERE file = ?1").bind(&self.file);
        Ok(lines.fetch_optional(&self.pool).await.map_err(IntakeError::Position)?.unwrap_or(0))
    }

    /// Takes the line of this number in, all of it or nothing.
    ///
    /// # Errors
    /// When the database can't be written: the line was not taken.
    ///
    /// # Cancel safety
    /// Dropping the future takes the line in or not at all.
    pub async fn take(&self, number: i64, line: &Line) -> Result<(), IntakeError> {
        self.take_line(number, line).await.map_err(|source| IntakeError::Database { line: number, source })
    }

    async fn take_line(&self, number: i64, line: &Line) -> Result<(), Failure> {
        let mut tx = event_sqlx::begin(&self.pool).await?;
        let taken = place(&mut tx, line).await?;
        if let Taken::Poison(refused) = &taken {
            // What was written of an order that can't be placed goes; the letter has a transaction of its own.
            tx.rollback().await?;
            tx = event_sqlx::begin(&self.pool).await?;
            let (Line::Whole(body) | Line::TooLong(body)) = line;
            tx.bury(CONSUMER, body, refused.envelope.as_ref(), &refused.poison).await?;
        }
        let duplicates = i64::from(matches!(taken, Taken::Duplicate));
        self.move_position(&mut tx, number, duplicates).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn move_position(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        number: i64,
        duplicates: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO intake (file, lines, duplicates) VALUES (?1, ?2, ?3)
             ON CONFLICT (file) DO UPDATE SET lines = excluded.lines, duplicates = duplicates + excluded.duplicates",
        )
        .bind(&self.file)
        .bind(number)
        .bind(duplicates)
        .execute(tx.connection())
        .await
        .map(drop)
    }
}

/// Stores the order of a line and enqueues its event, unless the line is poison or was taken before.
async fn place(tx: &mut Transaction<'_, Sqlite>, line: &Line) -> Result<Taken, Failure> {
    let (envelope, order) = match read(line) {
        Ok(read) => read,
        Err(refused) => return Ok(Taken::Poison(refused)),
    };
    if !tx.take_once(CONSUMER, &envelope).await? || is_placed(tx, &envelope.id).await? {
        return Ok(Taken::Duplicate);
    }
    insert_order(tx.connection(), envelope.id.as_str(), &order).await?;
    match order.enqueue(tx).causation(envelope.id.clone()).await {
        Ok(_) => Ok(Taken::Placed),
        Err(error) if error.is_permanent() => Ok(Taken::Poison(Refused::new(Poison::NotPlaced(error), Some(envelope)))),
        Err(error) => Err(error.into()),
    }
}

/// Whether an order was placed by an event of this id, also by one of another source.
async fn is_placed(tx: &mut Transaction<'_, Sqlite>, id: &EventId) -> Result<bool, sqlx::Error> {
    let placed = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orders WHERE placed_by = ?1)").bind(id.as_str());
    placed.fetch_one(tx.connection()).await
}

/// The event of a line, and the order in its newest version.
fn read(line: &Line) -> Result<(Envelope, OrderPlaced), Box<Refused>> {
    let Line::Whole(body) = line else { return Err(Refused::new(Poison::TooLong, None)) };
    let envelope = Envelope::from_json(body).map_err(|error| Refused::new(Poison::NoEvent(error), None))?;
    let Some(data) = &envelope.data else { return Err(Refused::new(Poison::NoData, Some(envelope))) };
    match event_core::read::<OrderPlaced>(&envelope.event_type, envelope.event_version, data) {
        Ok(order) => Ok((envelope, order)),
        Err(error) => Err(Refused::new(Poison::NoOrder(error), Some(envelope))),
    }
}
