//! The handlers of a newer build, under the same name: it reads what the older one had to set aside.

use event_core::{HandlerResult, event_handlers};
use event_sqlx::Context;

use super::Bookkeeper;
use crate::chaos::event::newer::{Counted, Measured};
use crate::chaos::event::{self, Poison};
use crate::chaos::ground::Ground;

/// The handlers.
#[derive(Debug)]
pub struct Newer<G>(pub Bookkeeper<G>);

#[event_handlers(consumer = "bookkeeper", unknown = "dead_letter")]
impl<G: Ground> Newer<G> {
    #[on]
    async fn write_down(&self, event: Counted, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.0.count(&event::Counted { key: event.key, n: event.n }, cx).await
    }

    #[on]
    async fn measure(&self, event: Measured, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.0.count(&event.counted(), cx).await
    }

    #[on(attempts = 2, timeout = "400ms")]
    async fn swallow(&self, event: Poison, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.0.eat(&event, cx).await
    }
}
