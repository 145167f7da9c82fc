//! Slots on their way to the transport, several at once.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::relay::SlotRun;
use crate::slot::Slot;

/// Runs that wait, that are being sent, and that are over.
pub(super) struct Flights<'r> {
    at_most: usize,
    waiting: VecDeque<SlotRun>,
    flying: FuturesUnordered<BoxFuture<'r, SlotRun>>,
    landed: Vec<SlotRun>,
}

impl<'r> Flights<'r> {
    /// At most so many slots are sent at once.
    pub(super) fn new(at_most: usize) -> Self {
        Self { at_most, waiting: VecDeque::new(), flying: FuturesUnordered::new(), landed: Vec::new() }
    }

    pub(super) fn wait(&mut self, run: SlotRun) {
        self.waiting.push_back(run);
    }

    /// Sends what waits, as far as the bound allows.
    pub(super) fn launch(&mut self, mut send: impl FnMut(SlotRun) -> BoxFuture<'r, SlotRun>) {
        while self.flying.len() < self.at_most {
            let Some(run) = self.waiting.pop_front() else { return };
            self.flying.push(send(run));
        }
    }

    /// Takes back what waits and matches; tells the slots.
    pub(super) fn call_off(&mut self, matches: impl Fn(Slot) -> bool) -> Vec<Slot> {
        let slots = self.waiting.iter().map(SlotRun::slot).filter(|slot| matches(*slot)).collect();
        self.waiting.retain(|run| !matches(run.slot()));
        slots
    }

    /// Gives up everything: what waits, what is being sent, what is over.
    pub(super) fn give_up(&mut self) {
        *self = Self::new(self.at_most);
    }

    /// Whether anything waits or is being sent.
    pub(super) fn are_under_way(&self) -> bool {
        !self.flying.is_empty() || !self.waiting.is_empty()
    }

    pub(super) fn have_landed(&self) -> bool {
        !self.landed.is_empty()
    }

    /// What is over.
    pub(super) fn take_landed(&mut self) -> Vec<SlotRun> {
        std::mem::take(&mut self.landed)
    }

    /// Waits until a slot is over, and takes those that are over with it; for ever when none is being sent.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(super) async fn next(&mut self) {
        match self.flying.next().await {
            Some(run) => self.landed.push(run),
            None => std::future::pending().await,
        }
        while let Some(Some(run)) = self.flying.next().now_or_never() {
            self.landed.push(run);
        }
    }

    /// Waits for a future of the store, to its end, while slots go on being sent.
    pub(super) async fn alongside<F: Future>(&mut self, store: F) -> F::Output {
        let mut store = pin!(store);
        loop {
            tokio::select! {
                biased;
                output = &mut store => return output,
                () = self.next() => {}
            }
        }
    }
}
