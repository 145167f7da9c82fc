//! The books of the workers, and the statements that every database has.

/// Implements [`Books`](super::Books), with the place of one value in a statement, and the places of three.
macro_rules! books {
    ($ground:ty, $db:ty, $one:literal, $three:literal) => {
        impl $crate::chaos::ground::Books for $ground {
            async fn count_up(
                connection: &mut <$db as sqlx::Database>::Connection,
                number: usize,
            ) -> Result<$crate::chaos::event::Counted, sqlx::Error> {
                let key = $crate::chaos::site::key(number);
                let count = sqlx::query(concat!("UPDATE business SET n = n + 1 WHERE name = ", $one)).bind(&key);
                count.execute(&mut *connection).await?;
                let counter = sqlx::query_scalar(concat!("SELECT n FROM business WHERE name = ", $one)).bind(&key);
                let n = counter.fetch_one(connection).await?;
                Ok($crate::chaos::event::Counted { key, n })
            }

            async fn note(
                connection: &mut <$db as sqlx::Database>::Connection,
                event: &$crate::chaos::event::Counted,
                id: &event_core::EventId,
            ) -> Result<(), sqlx::Error> {
                let note = sqlx::query(concat!("INSERT INTO journal (name, n, event_id) VALUES (", $three, ")"));
                note.bind(&event.key).bind(event.n).bind(id.as_str()).execute(connection).await.map(drop)
            }

            async fn apply(
                connection: &mut <$db as sqlx::Database>::Connection,
                event: &$crate::chaos::event::Counted,
                id: &event_core::EventId,
            ) -> Result<(), sqlx::Error> {
                let apply = sqlx::query(concat!("INSERT INTO applied (name, n, event_id) VALUES (", $three, ")"));
                apply.bind(&event.key).bind(event.n).bind(id.as_str()).execute(connection).await.map(drop)
            }

            async fn ask(
                pool: &sqlx::Pool<$db>,
                statement: &'static str,
            ) -> Result<Vec<$crate::chaos::verdict::Known>, sqlx::Error> {
                let rows: Vec<(String, i64, String)> = sqlx::query_as(statement).fetch_all(pool).await?;
                Ok(rows.into_iter().map(|(key, n, id)| $crate::chaos::verdict::Known { key, n, id }).collect())
            }
        }
    };
}
pub(super) use books;
