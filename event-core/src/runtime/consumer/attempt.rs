//! One attempt of one handler: in a savepoint, with a deadline, and with panics contained.

use std::time::Duration;

use thiserror::Error;
use tokio::time::timeout;
use tracing::Instrument;

use super::super::panic::caught;
use super::super::store::{Inbox, InboxTransaction, Savepoint, StoreError};
use super::super::telemetry::{Link, consumer_handled, ended, process};
use super::{Consumer, ContextOf};
use crate::backlog::{Verdict, after_failure};
use crate::handler::{HandlerError, HandlerResult, Handlers};
use crate::message::Message;

/// A handler that took longer than it may.
#[derive(Debug, Error)]
#[error("the handler was not done after {0:?}")]
struct DeadlineExceeded(Duration);

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Runs the handler at `route`; what it wrote stays in the transaction only if it succeeds.
    pub(super) async fn attempt(
        &self,
        transaction: &mut S::Transaction,
        route: usize,
        message: &Message,
    ) -> Result<HandlerResult, StoreError> {
        let limit = self.registry.route(route).and_then(|route| route.options.timeout).unwrap_or(self.timeout);
        let mut context = transaction.savepoint(message).await?;
        let handler = self.handler(route);
        let span = process(self.name, handler, message);
        Link::tie(self.link.as_ref(), &span, [message.envelope()]);
        let began = tokio::time::Instant::now();
        let handling = within(limit, self.handlers.handle(route, message, &mut context));
        let result = handling.instrument(span.clone()).await;
        consumer_handled(self.name, handler, &result, began.elapsed());
        ended(&span, &result);
        match &result {
            Ok(()) => context.release().await?,
            Err(_) => context.rollback().await?,
        }
        Ok(result)
    }

    /// The name of the handler at `route`.
    pub(super) fn handler(&self, route: usize) -> &'static str {
        self.registry.route(route).map_or("", |route| route.handler)
    }

    /// What to do after the attempt number `attempts` of the handler at `route` failed.
    pub(super) fn verdict(&self, route: usize, error: &HandlerError, attempts: u32) -> Verdict {
        let own = self.registry.route(route).map(|route| route.options).unwrap_or_default();
        let policy = self.retry.of_handler(own.retry, own.attempts);
        after_failure(error, attempts, &policy, self.store.now(), self.jitter.factor())
    }

    /// Whether later events of a key wait for one that the handler at `route` could not apply.
    pub(super) fn blocks(&self, route: usize) -> bool {
        self.registry.route(route).is_none_or(|route| !route.options.unordered)
    }
}

async fn within(limit: Duration, handler: impl Future<Output = HandlerResult>) -> HandlerResult {
    match timeout(limit, caught(handler)).await {
        Ok(Ok(result)) => result,
        Ok(Err(panicked)) => Err(HandlerError::transient(panicked)),
        Err(_) => Err(HandlerError::transient(DeadlineExceeded(limit))),
    }
}
