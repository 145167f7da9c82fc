//! What is counted for metrics and health reports.

/// The same steps over the statements of one database.
macro_rules! gauges {
    ($db:ty, $folder:literal) => {
        use event_core::runtime::{Gauges, StoreError};
        use event_core::{Census, Class, Place, Timestamp};

        use super::row::{get, unreadable};
        use crate::dialect::{Time, statement};
        use crate::store::{Store, error};

        impl Gauges for Store<$db> {
            async fn census(&self, consumer: &str) -> Result<Census, StoreError> {
                let rows = sqlx::query(statement!($folder, gauges_census))
                    .bind(Time(self.clock.now()))
                    .bind(consumer)
                    .bind(i64::from(Census::AT_MOST))
                    .bind(consumer)
                    .fetch_all(&self.pool)
                    .await
                    .map_err(|source| error("count letters", source))?;
                let mut census = Census::default();
                rows.iter().try_for_each(|row| add(&mut census, row))?;
                Ok(census)
            }
        }

        /// A row about the gaps, or about the letters at one place for failures of one class.
        fn add(census: &mut Census, row: &<$db as sqlx::Database>::Row) -> Result<(), StoreError> {
            let (what, class): (String, Option<String>) = (get(row, "what")?, get(row, "class")?);
            let events = usize::try_from(get::<i64>(row, "events")?).unwrap_or_default();
            let since = get::<Option<Time>>(row, "since")?.map(|Time(since)| since);
            if what == "gap" {
                (census.gaps, census.oldest_gap) = (events, since);
                return Ok(());
            }
            let place = Place::from_word(&what).ok_or_else(|| unreadable("place"))?;
            census.add(place, class.as_deref().and_then(Class::from_word), events, since);
            census.held_keys += usize::try_from(get::<i64>(row, "held_keys")?).unwrap_or_default();
            census.retries_due += usize::try_from(get::<i64>(row, "due")?).unwrap_or_default();
            let first: Option<Timestamp> = get::<Option<Time>>(row, "first_due")?.map(|Time(first)| first);
            census.first_retry_due = census.first_retry_due.into_iter().chain(first).min();
            Ok(())
        }
    };
}
pub(crate) use gauges;
