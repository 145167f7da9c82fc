//! A relay that drains behind many kept rows, beside one behind few.

use crate::Result;
use crate::database::{Mode, Schema, Target};
use crate::measure::EVENTS;
use crate::measure::drain::relay;
use crate::ratio::Ratios;
use crate::table::{Promise, Row};

/// A year of months, so that the kept rows lie in partitions as they do in life.
const MONTHS: &str = "SELECT event_outbox_partitions();
DO $$
DECLARE month timestamptz := date_trunc('month', now()) - interval '12 months';
BEGIN
  WHILE month < date_trunc('month', now()) LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF event_outbox FOR VALUES FROM (%L) TO (%L)',
                   'event_outbox_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
    month := month + interval '1 month';
  END LOOP;
END $$";

/// The kept rows, and their places in the log, as if they had been committed over a year.
const KEPT: &str = "BEGIN;
SET LOCAL session_replication_role = replica;
SET LOCAL synchronous_commit = off;
INSERT INTO event_outbox (id, at, aggregatetype, aggregateid, type, version, payload)
SELECT gen_random_uuid(), now() - interval '12 months' + g * (interval '12 months' / $count), 'order', 'order-' || g % 10000,
       'order.placed', 1, '{\"note\":\"kept\"}' FROM generate_series(1, $count) g;
INSERT INTO event_outbox_log (slot, position, at, id)
SELECT slot, nextval('event_outbox_position'), at, id FROM event_outbox ORDER BY at;
COMMIT";

pub(super) async fn kept(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let (many, few) = (behind(target, mode, 5_000_000).await?, behind(target, mode, 10_000).await?);
    let ratios = Ratios::of(
        target.rounds.min(15),
        async || relay(&many.pool, 5_000_000).await,
        async || relay(&few.pool, 10_000).await,
    );
    let ratios = ratios.await?;
    many.drop().await?;
    few.drop().await?;
    let what = "draining 20,000 events behind 5 million kept ones, beside behind 10,000";
    Ok(vec![Row::ratio(what, mode, &ratios, Promise::AtLeast(0.8)).of_either_mode()])
}

async fn behind(target: &Target, mode: Mode, count: i64) -> Result<Schema> {
    let schema = target.schema(mode).await?;
    schema.run(MONTHS).await?;
    schema.run(&KEPT.replace("$count", &count.to_string())).await?;
    schema.fill(EVENTS, "").await?;
    Ok(schema)
}
