//! Old events of a database without partitions.

/// The same steps over the statements of one database.
macro_rules! retention {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::StoreError;
        use event_core::{Record, Sequence, Slot};

        use super::row::{get, record, sequence, slot, timestamp};
        use crate::dialect::{json, statement};
        use crate::retention::{Batched, Kept};
        use crate::store::error;

        type Connection = <$db as sqlx::Database>::Connection;

        impl Batched for $db {
            async fn floors(connection: &mut Connection) -> Result<Vec<(Slot, Sequence)>, StoreError> {
                let rows = sqlx::query(statement!($folder, retention_floors)).fetch_all(connection).await;
                let rows = rows.map_err(|source| error("read what sinks have passed", source))?;
                rows.iter().map(|row| Ok((slot(row)?, sequence(row, "position")?))).collect()
            }

            async fn kept(connection: &mut Connection, after: i64, limit: u16) -> Result<Vec<Kept>, StoreError> {
                let rows = sqlx::query(statement!($folder, retention_kept))
                    .bind(after)
                    .bind(i64::from(limit))
                    .fetch_all(connection)
                    .await
                    .map_err(|source| error("look for old events", source))?;
                rows.iter().map(kept).collect()
            }

            async fn records(connection: &mut Connection, numbers: &[i64]) -> Result<Vec<Record>, StoreError> {
                let rows = sqlx::query(statement!($folder, retention_records)).bind(json(numbers)?);
                let rows = rows.fetch_all(connection).await.map_err(|source| error("read old events", source))?;
                rows.iter().map(record).collect()
            }

            async fn raise(connection: &mut Connection, gone: &[(u8, u64)]) -> Result<(), StoreError> {
                let raise = sqlx::query(statement!($folder, retention_floor)).bind(json(gone)?);
                raise.execute(connection).await.map(drop).map_err(|source| error("delete old events", source))
            }

            async fn delete(connection: &mut Connection, numbers: &[i64]) -> Result<(), StoreError> {
                let delete = sqlx::query(statement!($folder, retention_delete)).bind(json(numbers)?);
                delete.execute(connection).await.map(drop).map_err(|source| error("delete old events", source))
            }
        }

        fn kept(row: &<$db as sqlx::Database>::Row) -> Result<Kept, StoreError> {
            let position: Option<i64> = get(row, "position")?;
            Ok(Kept {
                number: get(row, "number")?,
                slot: slot(row)?,
                position: position.and_then(|position| u64::try_from(position).ok()).map(Sequence::new),
                at: timestamp(row, "at")?,
                bytes: u64::try_from(get::<i64>(row, "bytes")?).unwrap_or_default(),
                parked: get(row, "parked")?,
            })
        }
    };
}
pub(crate) use retention;
