//! The program `chaos naive-relay`: a relay as it is often written, and wrong. It is here to be caught, and nowhere else.
//!
//! It claims the oldest rows that nobody else has claimed, publishes them, deletes them. Two of these overtake each other
//! within a key: the one has the first events and the other the next ones, and either may be sent first.

use event_core::runtime::Transport;
use event_core::{Envelope, PartitionKey, Slot};
use serde_json::value::RawValue;
use sqlx::Pool;
use tokio::time::sleep;

use super::Failure;
use super::client::BrokerTransport;
use super::ground::{Ground, Side};
use super::options::Site;
use super::random::Random;
use super::relay::transport;
use super::site::{end_of_input, may_pass, until};

/// How many events it claims at a time.
const BATCH: i64 = 20;

/// Publishes until its input ends.
///
/// # Errors
/// When the database says no in a way that no retry mends.
pub async fn run<G: Ground>(site: &Site) -> Result<(), Failure> {
    let (pool, transport) = (G::pool(&site.address, Side::Producers, 2)?, transport(site));
    let mut random = Random::of(site.seed, &format!("naive relay {} {}", site.place, site.life));
    let ended = end_of_input();
    while !ended.is_cancelled() {
        match until(&ended, step::<G>(&pool, &transport)).await {
            Some(Err(error)) if !may_pass::<G>(&error) => return Err(error),
            Some(Ok(1..)) | None => {}
            Some(_) => sleep(random.millis(5, 50)).await,
        }
    }
    Ok(())
}

async fn step<G: Ground>(pool: &Pool<G::Db>, transport: &BrokerTransport) -> Result<usize, Failure> {
    let (claim, rows) = G::claim(pool, BATCH).await?;
    let events = rows.into_iter().map(envelope).collect::<Result<Vec<_>, Failure>>()?;
    let mut sent = Vec::new();
    for slot in Slot::all() {
        let events: Vec<Envelope> = events.iter().filter(|event| event.slot() == slot).cloned().collect();
        let answer = if events.is_empty() { Ok(()) } else { transport.publish(&events).await };
        let taken = answer.map_or_else(|error| error.sent, |()| events.len());
        sent.extend(events.iter().take(taken).map(|event| event.id.to_string()));
    }
    G::settle(claim, &sent).await?;
    Ok(sent.len())
}

fn envelope([id, key, payload]: [String; 3]) -> Result<Envelope, Failure> {
    let mut envelope = Envelope::new(id.as_str().into(), "/naive".into(), "chaos.counted");
    envelope.partition_key = Some(PartitionKey::from(format!("chaos/{key}")));
    envelope.data = Some(RawValue::from_string(payload)?);
    Ok(envelope)
}
