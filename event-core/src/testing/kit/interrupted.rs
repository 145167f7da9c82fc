//! Handlers of which a call fails on command.

use std::future::Future;

use thiserror::Error;

use super::failing::Plan;
use crate::handler::{HandlerError, HandlerResult, Handlers, Route, Unknown};
use crate::message::Message;

/// The test said so.
#[derive(Debug, Error)]
#[error("the test made this call fail")]
struct Told;

/// Handlers of which a call fails on command, after it has done its work.
#[derive(Debug)]
pub struct Interrupted<H> {
    handlers: H,
    plan: Plan<()>,
}

impl<H> Interrupted<H> {
    pub(super) fn new(handlers: H, plan: Plan<()>) -> Self {
        Self { handlers, plan }
    }
}

impl<Cx, H: Handlers<Cx>> Handlers<Cx> for Interrupted<H> {
    const CONSUMER: &'static str = H::CONSUMER;
    const UNKNOWN: Unknown = H::UNKNOWN;

    fn routes() -> Vec<Route> {
        H::routes()
    }

    fn handle<'a>(
        &'a self,
        route: usize,
        message: &'a Message,
        cx: &'a mut Cx,
    ) -> impl Future<Output = HandlerResult> + Send + 'a {
        let (handling, fails) = (self.handlers.handle(route, message, cx), self.plan.comes(&()));
        async move {
            handling.await?;
            if fails { Err(HandlerError::transient(Told)) } else { Ok(()) }
        }
    }
}
