//! From the return of `commit` to the handler: relay, in-process transport and consumer in one process.

use std::time::{Duration, Instant};

use event_core::{Consumer, HandlerResult, Relay, event_handlers, in_process};
use event_sqlx::{Context, Enqueue, Store};
use sqlx::{PgPool, Postgres};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::Result;
use crate::database::{Mode, Target};
use crate::events::OrderPlaced;
use crate::ratio::quantile;
use crate::table::{Promise, Row};

const EVENTS: u32 = 1_000;

/// Tells when its handler begins.
struct Watch {
    begun: UnboundedSender<(u32, Instant)>,
}

#[event_handlers(consumer = "watch")]
impl Watch {
    #[on]
    async fn placed(&self, event: OrderPlaced, _cx: &mut Context<'_, Postgres>) -> HandlerResult {
        // Nobody listens once the last one was seen.
        let _ = self.begun.send((event.number, Instant::now()));
        Ok(())
    }
}

pub(super) async fn latency(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    let (begun, mut seen) = unbounded_channel();
    let store = Store::new(schema.pool.clone());
    let (transport, subscription) = in_process();
    let stop = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(store.clone(), transport).run(stop.clone()));
    let consumer = tokio::spawn(Consumer::new(store, Watch { begun }).run(subscription, stop.clone()));
    let mut millis = Vec::new();
    // The first hundred prepare statements and make the marks of their streams.
    for number in 0..EVENTS + 100 {
        let taken = one(&schema.pool, number, &mut seen).await?;
        if number >= 100 {
            millis.push(taken.as_secs_f64() * 1e3);
        }
        sleep(Duration::from_millis(u64::from(number % 7))).await;
    }
    stop.cancel();
    relay.await??;
    consumer.await??;
    schema.drop().await?;
    millis.sort_by(f64::total_cmp);
    let row = |what: &str, part: f64, bound: f64| {
        let what = format!("from the return of `commit` to the handler, {what}");
        let spread = format!("{} events", millis.len());
        Row::figure(&what, Some(mode), (quantile(&millis, part), "ms"), spread, Promise::AtMost(bound))
    };
    Ok(vec![row("median", 0.5, 0.8), row("99th percentile", 0.99, 5.0)])
}

/// Commits an event and waits until it is handled.
async fn one(pool: &PgPool, number: u32, seen: &mut UnboundedReceiver<(u32, Instant)>) -> Result<Duration> {
    let mut tx = event_sqlx::begin(pool).await?;
    OrderPlaced::new(number).enqueue(&mut tx).await?;
    tx.commit().await?;
    let committed = Instant::now();
    loop {
        let (handled, at) = timeout(Duration::from_secs(10), seen.recv()).await?.ok_or("the consumer has ended")?;
        if handled == number {
            return Ok(at.saturating_duration_since(committed));
        }
    }
}
