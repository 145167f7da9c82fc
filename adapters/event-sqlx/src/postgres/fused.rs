//! A business statement and its event in one round trip.

use std::fmt::Write;

use event_core::{Draft, EnqueueError, EventKey, OutboxRow, Publish};
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Arguments, AssertSqlSafe, Execute, PgConnection, Postgres};

use super::insert::{check_ids, version};
use super::verb::verb;
use crate::Enqueueing;
use crate::dialect::Time;
use crate::enqueue::OutboxTx;
use crate::store::explained;
use crate::transaction::Transaction;

/// Writes an event together with a statement of the service's own, in one round trip. PostgreSQL only.
///
/// The statement becomes a `WITH` clause of the insert, so it is an `INSERT`, an `UPDATE` or a `DELETE` with parameters `$1`,
/// `$2` …; what it returns is not read, and the event is written whether or not it met a row. Both are written, or
/// neither. PostgreSQL doesn't run a `SELECT` in such a clause, so one is refused: run it by itself.
///
/// ```no_run
/// # use event_core::DomainEvent;
/// use event_sqlx::EnqueueWith;
/// # #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = order_id)]
/// # struct OrderPlaced { order_id: String }
/// # async fn example(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
/// let mut tx = event_sqlx::begin(&pool).await?;
/// let order = sqlx::query("INSERT INTO orders (id, cents) VALUES ($1, $2)").bind("o-1").bind(4_200_i64);
/// OrderPlaced { order_id: "o-1".to_owned() }.enqueue_with(order, &mut tx).await?;
/// tx.commit().await?;
/// # Ok(())
/// # }
/// ```
pub trait EnqueueWith: Publish {
    /// As [`Enqueue::enqueue`](crate::Enqueue::enqueue), with `statement` in the same round trip.
    ///
    /// # Errors
    /// The future fails as that of `enqueue` does, and when the statement is none of the above or can't be run.
    ///
    /// # Cancel safety
    /// Roll back a transaction whose enqueueing was dropped.
    fn enqueue_with<'a, Tx: PostgresTx<'a>>(
        &self,
        statement: Query<'_, Postgres, PgArguments>,
        tx: Tx,
    ) -> Enqueueing<'a> {
        let writer = tx.writer();
        let draft = Draft::new(self, writer.clock, usize::MAX);
        Enqueueing::new(draft, writer).with(Statement::new(statement))
    }
}

impl<E: Publish> EnqueueWith for E {}

/// A transaction of PostgreSQL that can enqueue. Sealed.
#[diagnostic::on_unimplemented(
    message = "an event can only be enqueued inside a transaction, and `{Self}` is none of PostgreSQL",
    label = "not a transaction of PostgreSQL",
    note = "write `let mut tx = event_sqlx::begin(&pool).await?;` and pass `&mut tx`: state and event commit together or not at all"
)]
pub trait PostgresTx<'a>: OutboxTx<'a> {}

impl<'a> PostgresTx<'a> for &'a mut Transaction<'_, Postgres> {}
impl<'a> PostgresTx<'a> for &'a mut sqlx::Transaction<'_, Postgres> {}

/// A statement with its arguments.
pub(crate) struct Statement {
    sql: sqlx::SqlStr,
    arguments: PgArguments,
}

// By hand: the arguments are the user's data.
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("sql", &self.sql.as_str()).finish_non_exhaustive()
    }
}

impl Statement {
    fn new(mut query: Query<'_, Postgres, PgArguments>) -> Result<Self, EnqueueError> {
        let arguments = query.take_arguments().map_err(EnqueueError::Store)?.unwrap_or_default();
        let sql = query.sql();
        match verb(sql.as_str()) {
            Some(verb) if WRITING.contains(&verb.as_str()) => Ok(Self { sql, arguments }),
            verb => Err(EnqueueError::Store(Box::new(NotFused { verb: verb.unwrap_or_default() }))),
        }
    }
}

/// What PostgreSQL runs in a `WITH` clause although nothing refers to it.
const WRITING: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// A statement that would not be run, or not in this place.
#[derive(Debug, thiserror::Error)]
#[error(
    "only an `INSERT`, an `UPDATE` or a `DELETE` is sent together with an event{}; run it by itself, then call `enqueue`",
    if verb.is_empty() { String::new() } else { format!(", and this is a `{verb}`") }
)]
struct NotFused {
    verb: String,
}

/// Runs the statement and inserts the rows.
pub(crate) async fn insert_fused(
    connection: &mut PgConnection,
    statement: Statement,
    rows: &[OutboxRow<'_>],
) -> Result<(), EnqueueError> {
    check_ids(rows)?;
    let Statement { sql, mut arguments } = statement;
    let text = fused(sql.as_str(), arguments.len(), rows.len());
    rows.iter().try_for_each(|row| bind(&mut arguments, row)).map_err(EnqueueError::Store)?;
    // The one statement that is put together: of the user's own, which sqlx took as safe, and of numbers.
    let query = sqlx::query_with(AssertSqlSafe(text), arguments).execute(connection);
    query.await.map(drop).map_err(|error| EnqueueError::Store(explained(error)))
}

/// The user's statement, which has parameters up to `$before`, and behind it the insert of `rows` rows.
fn fused(sql: &str, before: usize, rows: usize) -> String {
    let sql = sql.trim_end().trim_end_matches(';');
    let mut text = format!(
        "WITH business AS (\n{sql}\n)\nINSERT INTO event_outbox \
         (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers) VALUES"
    );
    for row in 0..rows {
        let at = |column: usize| before + row * COLUMNS + column;
        let separator = if row == 0 { "" } else { "," };
        write!(
            text,
            "{separator} (${}::uuid, ${}, ${}, ${}, ${}, ${}, ${}, ${}::jsonb)",
            at(1),
            at(2),
            at(3),
            at(4),
            at(5),
            at(6),
            at(7),
            at(8)
        )
        .expect("writing to a string never fails");
    }
    text
}

const COLUMNS: usize = 8;

fn bind(arguments: &mut PgArguments, row: &OutboxRow<'_>) -> Result<(), BoxDynError> {
    arguments.add(row.id.as_str())?;
    arguments.add(row.aggregate)?;
    arguments.add(row.key.map(EventKey::as_str))?;
    arguments.add(row.event_type)?;
    arguments.add(version(row))?;
    arguments.add(Time(row.occurred_at))?;
    arguments.add(row.data.get())?;
    arguments.add(row.headers.as_ref())
}

#[cfg(test)]
mod tests {
    use super::fused;

    #[test]
    fn the_parameters_of_the_event_follow_those_of_the_statement() {
        let text = fused("UPDATE orders SET paid = true WHERE id = $1 -- now\n;\n", 1, 2);
        let expected = "WITH business AS (\nUPDATE orders SET paid = true WHERE id = $1 -- now\n\n)\n\
            INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers) VALUES \
            ($2::uuid, $3, $4, $5, $6, $7, $8, $9::jsonb), ($10::uuid, $11, $12, $13, $14, $15, $16, $17::jsonb)";
        assert_eq!(text, expected);
    }
}
