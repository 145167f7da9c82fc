//! The program `chaos naive-relay`: a relay as it is often written, and wrong. It is here to be caught, and nowhere else.
//!
//! It claims the oldest rows that nobody else has claimed, publishes them, deletes them. Two of these overtake each other
//! within a key: the one has the first events and the other the next ones, and either may be sent first.

use event_core::runtime::Transport;
use event_core::{Envelope, PartitionKey, Slot};
use serde_json::value::RawValue;
use sqlx::{PgPool, Row};
use tokio::time::sleep;

use super::Failure;
use super::client::BrokerTransport;
use super::options::Site;
use super::random::Random;
use super::relay::transport;
use super::site::{end_of_input, may_pass, pool, producers, until};

/// How many events it claims at a time.
const BATCH: i64 = 20;

/// Publishes until its input ends.
///
/// # Errors
/// When the database says no in a way that no retry mends.
pub async fn run(site: &Site) -> Result<(), Failure> {
    let (pool, transport) = (pool(producers(&site.server), 2)?, transport(site));
    let mut random = Random::of(site.seed, &format!("naive relay {} {}", site.place, site.life));
    let ended = end_of_input();
    while !ended.is_cancelled() {
        match until(&ended, step(&pool, &transport)).await {
            Some(Err(error)) if !may_pass(&error) => return Err(error),
            Some(Ok(1..)) | None => {}
            Some(_) => sleep(random.millis(5, 50)).await,
        }
    }
    Ok(())
}

async fn step(pool: &PgPool, transport: &BrokerTransport) -> Result<usize, Failure> {
    let mut tx = pool.begin().await?;
    let claim = "SELECT at, id::text AS id, aggregateid, payload FROM event_outbox
                 ORDER BY at LIMIT $1 FOR UPDATE SKIP LOCKED";
    let rows = sqlx::query(claim).bind(BATCH).fetch_all(&mut *tx).await?;
    let events = rows.iter().map(envelope).collect::<Result<Vec<_>, Failure>>()?;
    let mut sent = 0;
    for slot in Slot::all() {
        let events: Vec<Envelope> = events.iter().filter(|event| event.slot() == slot).cloned().collect();
        let answer = if events.is_empty() { Ok(()) } else { transport.publish(&events).await };
        let taken = answer.map_or_else(|error| error.sent, |()| events.len());
        for event in events.iter().take(taken) {
            let delete = sqlx::query("DELETE FROM event_outbox WHERE id = $1::uuid").bind(event.id.as_str());
            delete.execute(&mut *tx).await?;
        }
        sent += taken;
    }
    tx.commit().await?;
    Ok(sent)
}

fn envelope(row: &sqlx::postgres::PgRow) -> Result<Envelope, Failure> {
    let (id, key): (String, String) = (row.try_get("id")?, row.try_get("aggregateid")?);
    let mut envelope = Envelope::new(id.as_str().into(), "/naive".into(), "chaos.counted");
    envelope.partition_key = Some(PartitionKey::from(format!("chaos/{key}")));
    envelope.data = Some(RawValue::from_string(row.try_get("payload")?)?);
    Ok(envelope)
}
