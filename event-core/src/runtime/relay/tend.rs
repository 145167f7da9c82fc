//! Caring for the outbox beside the sending: what a store can't do for it is no reason to stop sending.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::backlog::error_chain;
use crate::relay::Sink;
use crate::runtime::store::{Outbox, StoreError};

/// How long until the store is asked again: after a failure that may pass, doubled with each, and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(5 * 60));

/// No store needs more than this.
const SHORTEST: Duration = Duration::from_millis(10);

/// Asks the store to care for its outbox until `ended`, and then waits for what it is doing, at most for `drain`.
///
/// # Cancel safety
/// The store's future is never dropped half-way, for that may leave a transaction open: it runs in a task of its own,
/// which ends by itself once `ended` is cancelled.
pub(super) async fn until<S: Outbox>(store: Arc<S>, sink: Sink, ended: CancellationToken, drain: Duration) {
    let deadline = async {
        ended.cancelled().await;
        sleep(drain).await;
    };
    let mut task = tokio::spawn(tend(store, sink.clone(), ended.clone()));
    tokio::select! {
        biased;
        done = &mut task => {
            if let Err(Ok(panic)) = done.map_err(JoinError::try_into_panic) {
                resume_unwind(panic);
            }
        }
        () = deadline => warn!(%sink, "the outbox is still being cared for at the deadline; that ends by itself"),
    }
}

async fn tend<S: Outbox>(store: Arc<S>, sink: Sink, ended: CancellationToken) {
    let mut failures = 0;
    while !ended.is_cancelled() {
        let done = store.tend().await;
        failures = if done.is_ok() { 0 } else { failures + 1 };
        let pause = pause(&done, failures);
        if let Err(error) = done {
            let (cause, again) = (error_chain(&error), pause);
            warn!(%sink, ?cause, ?again, "the outbox lacks care; mend what the cause says, unless it passes by itself");
        }
        tokio::select! {
            () = sleep(pause) => {}
            () = ended.cancelled() => {}
        }
    }
}

/// How long until the next time, after so many failures in a row.
fn pause(done: &Result<Duration, StoreError>, failures: u32) -> Duration {
    match done {
        Ok(alone) => (*alone).clamp(SHORTEST, AGAIN.1),
        Err(error) if error.is_transient() => {
            AGAIN.0.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(AGAIN.1)
        }
        Err(_) => AGAIN.1,
    }
}
