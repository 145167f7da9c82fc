//! The books of the workers, and the statements that every database has.

/// Implements [`Books`](super::Books), with the place of one value in a statement, the places of three, what 64 bits are called
/// in a cast, and how a transaction begins that has one snapshot.
macro_rules! books {
    ($ground:ty, $db:ty, $one:literal, $three:literal, $long:literal, $snapshot:literal) => {
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

            async fn transfer(
                connection: &mut <$db as sqlx::Database>::Connection,
                accounts: [&str; 2],
                between: std::time::Duration,
            ) -> Result<(), sqlx::Error> {
                sqlx::query("SELECT sum(n) FROM account").execute(&mut *connection).await?;
                let put = concat!("UPDATE account SET n = n + 1 WHERE name = ", $one);
                sqlx::query(put).bind(accounts[0]).execute(&mut *connection).await?;
                tokio::time::sleep(between).await;
                sqlx::query(put).bind(accounts[1]).execute(connection).await.map(drop)
            }

            async fn ask(
                pool: &sqlx::Pool<$db>,
                statement: &'static str,
            ) -> Result<Vec<$crate::chaos::verdict::Known>, sqlx::Error> {
                let rows: Vec<(String, i64, String)> = sqlx::query_as(statement).fetch_all(pool).await?;
                Ok(rows.into_iter().map(|(key, n, id)| $crate::chaos::verdict::Known { key, n, id }).collect())
            }

            async fn census(pool: &sqlx::Pool<$db>) -> Result<$crate::chaos::places::Census, sqlx::Error> {
                let mut tx = pool.begin_with($snapshot).await?;
                let applied = "SELECT name, n, event_id FROM applied ORDER BY place";
                let applied: Vec<(String, i64, String)> = sqlx::query_as(applied).fetch_all(&mut *tx).await?;
                let letters = "SELECT place, event_id, CASE WHEN event_id IS NULL THEN body END FROM event_backlog";
                let letters = sqlx::query_as(letters).fetch_all(&mut *tx).await?;
                let audited = "SELECT action, event_id, CASE WHEN event_id IS NULL THEN body END FROM event_audit
                               WHERE action IN ('discarded', 'skipped')";
                let audited = sqlx::query_as(audited).fetch_all(&mut *tx).await?;
                let marks = concat!(
                    "SELECT source, CAST(slot AS ",
                    $long,
                    "), sequence FROM event_inbox_mark
                                     WHERE sequence IS NOT NULL"
                );
                let marks: Vec<(String, i64, String)> = sqlx::query_as(marks).fetch_all(&mut *tx).await?;
                let gaps = concat!("SELECT source, CAST(slot AS ", $long, "), previous FROM event_inbox_gap");
                let gaps: Vec<(String, i64, String)> = sqlx::query_as(gaps).fetch_all(&mut *tx).await?;
                let taken: Vec<String> =
                    sqlx::query_scalar("SELECT event_id FROM event_inbox").fetch_all(&mut *tx).await?;
                let balance = concat!("SELECT CAST(sum(n) AS ", $long, ") FROM account");
                let balance = sqlx::query_scalar(balance).fetch_one(&mut *tx).await?;
                let unread = "SELECT count(*) FROM event_backlog
                              WHERE event_type = 'chaos.counted' AND place IN ('dead_letter', 'awaiting_deploy')";
                let unread = sqlx::query_scalar(unread).fetch_one(&mut *tx).await?;
                tx.rollback().await?;
                Ok($crate::chaos::places::Census {
                    applied: applied
                        .into_iter()
                        .map(|(key, n, id)| $crate::chaos::verdict::Known { key, n, id })
                        .collect(),
                    letters: $crate::chaos::ground::books::rows(letters),
                    audited: $crate::chaos::ground::books::rows(audited),
                    marks: marks
                        .into_iter()
                        .map(|(source, slot, at)| ((source, slot), at.parse().unwrap_or(0)))
                        .collect(),
                    gaps: gaps.into_iter().map(|(source, slot, at)| ((source, slot), at.parse().unwrap_or(0))).collect(),
                    taken: taken.into_iter().collect(),
                    balance,
                    unread,
                })
            }
        }
    };
}
pub(super) use books;

/// The place and the id of each row; of what was no event the bytes are the id.
pub(super) fn rows(rows: Vec<(String, Option<String>, Option<Vec<u8>>)>) -> Vec<(String, String)> {
    let id = |id: Option<String>, body: Option<Vec<u8>>| {
        id.unwrap_or_else(|| String::from_utf8_lossy(&body.unwrap_or_default()).into_owned())
    };
    rows.into_iter().map(|(place, event_id, body)| (place, id(event_id, body))).collect()
}
