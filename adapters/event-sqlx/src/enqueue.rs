//! Writing events to the outbox, inside a transaction and nowhere else.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use event_core::{
    Clock, DEFAULT_MAX_DATA_BYTES, DomainEvent, Draft, EnqueueError, EventId, ExtensionValue, Metadata, OutboxRow,
    Publish, Timestamp,
};

use crate::database::Database;
use crate::transaction::{Enqueued, Transaction};

/// Writes an event to the outbox. Implemented for every event.
///
/// ```no_run
/// # use event_core::DomainEvent;
/// # use event_sqlx::Enqueue;
/// # #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = order_id)]
/// # struct OrderPlaced { order_id: String }
/// # async fn example(pool: sqlx::SqlitePool) -> Result<(), Box<dyn std::error::Error>> {
/// let mut tx = event_sqlx::begin(&pool).await?;
/// let id = OrderPlaced { order_id: "o-1".to_owned() }.enqueue(&mut tx).correlation("checkout-7".into()).await?;
/// tx.commit().await?;
/// # Ok(())
/// # }
/// ```
pub trait Enqueue: DomainEvent {
    /// Serialises the event and writes it to the outbox of `tx` when awaited; the builder's methods add metadata.
    ///
    /// The future yields the event's id. It fails when the event can't be serialised, is too large or has an empty
    /// key, when CloudEvents can't have its metadata, and when the database fails; nothing is written then.
    fn enqueue<'a, Tx: OutboxTx<'a>>(&self, tx: Tx) -> Enqueueing<'a>
    where
        Self: Publish,
    {
        let writer = tx.writer();
        Enqueueing::new(Draft::new(self, writer.clock, usize::MAX), writer)
    }
}

impl<E: DomainEvent> Enqueue for E {}

/// Writes events to the outbox in their order, and yields their ids. On PostgreSQL, MySQL and MariaDB a thousand go in one round trip.
///
/// # Errors
/// As [`Enqueue::enqueue`]. Nothing is written when an event itself can't be enqueued; when the database fails, roll back.
///
/// # Cancel safety
/// Roll back a transaction whose enqueueing was dropped.
///
/// # Examples
/// ```no_run
/// # async fn example<E: event_core::Publish>(pool: sqlx::SqlitePool, events: Vec<E>) -> Result<(), Box<dyn std::error::Error>> {
/// let mut tx = event_sqlx::begin(&pool).await?;
/// let ids = event_sqlx::enqueue_all(&events, &mut tx).await?;
/// tx.commit().await?;
/// # Ok(())
/// # }
/// ```
pub async fn enqueue_all<'a, E, Tx>(events: impl IntoIterator<Item = &E>, tx: Tx) -> Result<Vec<EventId>, EnqueueError>
where
    E: Publish,
    Tx: OutboxTx<'a>,
{
    let mut writer = tx.writer();
    let draft = |event| Draft::new(event, writer.clock, DEFAULT_MAX_DATA_BYTES);
    let drafts = events.into_iter().map(draft).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<_> = drafts.iter().flat_map(Draft::rows).collect();
    writer.insert(&rows).await?;
    Ok(drafts.into_iter().map(|draft| draft.id).collect())
}

/// A transaction that can enqueue: `&mut` of what [`begin`](crate::begin) gives, on PostgreSQL also of sqlx's own. Sealed.
#[diagnostic::on_unimplemented(
    message = "an event can only be enqueued inside a transaction, and `{Self}` is none",
    label = "not a transaction of `event_sqlx::begin`",
    note = "write `let mut tx = event_sqlx::begin(&pool).await?;` and pass `&mut tx`: state and event commit together or not at all"
)]
pub trait OutboxTx<'a>: sealed::Sealed {
    /// What writes to the outbox within the transaction.
    #[doc(hidden)]
    fn writer(self) -> Writer<'a>;
}

mod sealed {
    pub trait Sealed {}
}

impl<DB: Database> sealed::Sealed for &mut Transaction<'_, DB> {}

#[cfg(feature = "sqlite")]
impl<'a> OutboxTx<'a> for &'a mut Transaction<'_, sqlx::Sqlite> {
    fn writer(self) -> Writer<'a> {
        let (connection, enqueued, clock) = self.parts();
        Writer { connection: Connection::Sqlite(connection), enqueued: Some(enqueued), clock }
    }
}

#[cfg(feature = "mysql")]
impl<'a> OutboxTx<'a> for &'a mut Transaction<'_, sqlx::MySql> {
    fn writer(self) -> Writer<'a> {
        let (connection, enqueued, clock) = self.parts();
        Writer { connection: Connection::MySql(connection), enqueued: Some(enqueued), clock }
    }
}

#[cfg(feature = "postgres")]
impl<'a> OutboxTx<'a> for &'a mut Transaction<'_, sqlx::Postgres> {
    fn writer(self) -> Writer<'a> {
        let (connection, enqueued, clock) = self.parts();
        Writer { connection: Connection::Postgres(connection), enqueued: Some(enqueued), clock }
    }
}

#[cfg(feature = "postgres")]
impl sealed::Sealed for &mut sqlx::Transaction<'_, sqlx::Postgres> {}

/// The triggers of PostgreSQL need no help at commit; but no relay is woken by it, so one finds the event when it looks
/// the next time.
#[cfg(feature = "postgres")]
impl<'a> OutboxTx<'a> for &'a mut sqlx::Transaction<'_, sqlx::Postgres> {
    fn writer(self) -> Writer<'a> {
        Writer { connection: Connection::Postgres(self), enqueued: None, clock: &event_core::SystemClock }
    }
}

/// Writes to the outbox of one transaction.
#[doc(hidden)]
#[derive(Debug)]
pub struct Writer<'a> {
    connection: Connection<'a>,
    enqueued: Option<&'a Enqueued>,
    pub(crate) clock: &'a dyn Clock,
}

#[derive(Debug)]
enum Connection<'a> {
    #[cfg(feature = "mysql")]
    MySql(&'a mut sqlx::MySqlConnection),
    #[cfg(feature = "sqlite")]
    Sqlite(&'a mut sqlx::SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(&'a mut sqlx::PgConnection),
}

impl Writer<'_> {
    async fn insert(&mut self, rows: &[OutboxRow<'_>]) -> Result<(), EnqueueError> {
        match &mut self.connection {
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => {
                // Before the statement: of one whose answer is lost nobody knows whether its rows are there.
                if let Some(enqueued) = self.enqueued {
                    enqueued.note_ids(rows.iter().map(|row| row.id.clone()));
                }
                sqlx::MySql::insert(connection, rows).await?;
            }
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => sqlx::Sqlite::insert(connection, rows).await?,
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => sqlx::Postgres::insert(connection, rows).await?,
        }
        self.note();
        Ok(())
    }

    /// Writes one event, and what goes with it.
    async fn insert_draft(&mut self, draft: &Draft, fused: Fused) -> Result<(), EnqueueError> {
        let (one, many);
        let rows = if let Some(row) = draft.only_row() {
            one = row;
            std::slice::from_ref(&one)
        } else {
            many = draft.rows();
            many.as_slice()
        };
        match (fused, &mut self.connection) {
            #[cfg(feature = "postgres")]
            (Some(statement), Connection::Postgres(connection)) => {
                crate::postgres::insert_fused(connection, statement, rows).await?;
                self.note();
                Ok(())
            }
            _ => self.insert(rows).await,
        }
    }

    /// The commit has something to wake relays for.
    fn note(&self) {
        if let Some(enqueued) = self.enqueued {
            enqueued.note();
        }
    }
}

/// A statement of the user's that is sent together with the event.
#[cfg(feature = "postgres")]
pub(crate) type Fused = Option<crate::postgres::Statement>;
#[cfg(not(feature = "postgres"))]
type Fused = Option<std::convert::Infallible>;

/// An event on its way to the outbox: add metadata, then `.await` it.
#[must_use = "nothing is enqueued before it is awaited: add `.await?`"]
#[derive(Debug)]
pub struct Enqueueing<'a> {
    draft: Result<Draft, EnqueueError>,
    writer: Writer<'a>,
    max_data_bytes: usize,
    fused: Fused,
}

impl<'a> Enqueueing<'a> {
    pub(crate) fn new(draft: Result<Draft, EnqueueError>, writer: Writer<'a>) -> Self {
        Self { draft, writer, max_data_bytes: DEFAULT_MAX_DATA_BYTES, fused: None }
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn with(mut self, statement: Result<crate::postgres::Statement, EnqueueError>) -> Self {
        match statement {
            Ok(statement) => self.fused = Some(statement),
            Err(error) => self.draft = self.draft.and(Err(error)),
        }
        self
    }

    /// Replaces all metadata at once.
    pub fn metadata(self, metadata: Metadata) -> Self {
        self.change(|draft| draft.metadata = metadata)
    }

    /// Names the conversation that the event belongs to.
    pub fn correlation(self, id: EventId) -> Self {
        self.change(|draft| draft.metadata.correlation_id = Some(id))
    }

    /// Names the message that caused the event.
    pub fn causation(self, id: EventId) -> Self {
        self.change(|draft| draft.metadata.causation_id = Some(id))
    }

    /// Links the event to a trace: `traceparent` of W3C Trace Context.
    pub fn trace_parent(self, trace_parent: impl Into<String>) -> Self {
        self.change(|draft| draft.metadata.trace_parent = Some(trace_parent.into()))
    }

    /// Carries the vendors' part of a trace: `tracestate` of W3C Trace Context.
    pub fn trace_state(self, trace_state: impl Into<String>) -> Self {
        self.change(|draft| draft.metadata.trace_state = Some(trace_state.into()))
    }

    /// Adds an extension attribute of the service's own: lower-case letters and digits.
    pub fn extension(mut self, name: &str, value: impl Into<ExtensionValue>) -> Self {
        self.draft = self.draft.and_then(|mut draft| draft.add_extension(name, value.into()).map(|()| draft));
        self
    }

    /// Gives the event an id instead of a new UUIDv7.
    ///
    /// SQLite, MySQL and MariaDB refuse an id that is in the outbox already. PostgreSQL doesn't, for its outbox is partitioned by time: where a
    /// request may be repeated, keep its key in a table of yours.
    pub fn id(self, id: EventId) -> Self {
        self.change(|draft| draft.id = id)
    }

    /// Says when the event happened, if that isn't now.
    pub fn occurred_at(self, at: Timestamp) -> Self {
        self.change(|draft| draft.occurred_at = at)
    }

    /// Allows `data` of this many bytes; 1 MiB unless set. Mind what the transport takes.
    pub fn max_data_bytes(mut self, bytes: usize) -> Self {
        self.max_data_bytes = bytes;
        self
    }

    fn change(mut self, change: impl FnOnce(&mut Draft)) -> Self {
        if let Ok(draft) = &mut self.draft {
            change(draft);
        }
        self
    }
}

impl<'a> IntoFuture for Enqueueing<'a> {
    type Output = Result<EventId, EnqueueError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { draft, mut writer, max_data_bytes, fused } = self;
        Box::pin(async move {
            let draft = draft?;
            draft.check_size(max_data_bytes)?;
            draft.check_attributes()?;
            writer.insert_draft(&draft, fused).await?;
            Ok(draft.id)
        })
    }
}
