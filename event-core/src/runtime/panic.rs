//! A handler that panics fails like any other: the panic becomes its error.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use thiserror::Error;

/// What a handler panicked with.
#[derive(Debug, Error)]
#[error("the handler panicked: {0}")]
pub(super) struct Panicked(String);

/// Runs `future`, and tells of a panic instead of passing it on.
///
/// The state behind the handler is safe to look at afterwards: its savepoint is rolled back.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(panic) => Poll::Ready(Err(Panicked(text(&*panic)))),
    })
    .await
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
