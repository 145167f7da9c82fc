//! The relay's side of a store.

use std::future::Future;
use std::time::Duration;

use super::StoreError;
use crate::envelope::Source;
use crate::relay::{Advance, Claim, Cursor, Lease, Owner, Record, Registration, Sink, SinkState, Survey};
use crate::sequence::Sequence;
use crate::slot::Slot;

/// The relay's side of an outbox: read by cursor under a lease, never by claiming rows.
pub trait Outbox: Origin + Sinks {
    /// What is known of the slots and the relays of `sink`, by the store's clock; no slots when it isn't registered.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn survey(&self, sink: &Sink) -> impl Future<Output = Result<Survey, StoreError>> + Send;

    /// In one transaction, or in steps of which each is right by itself: counts `owner` as a relay of `sink` until
    /// `duration` from now, gives back what the claim gives, takes what it takes where the fence is still the one that was
    /// seen (and raises it by one), and renews all that `owner` holds. Tells all that it holds now.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Leases that were taken run out by themselves.
    fn claim(
        &self,
        sink: &Sink,
        owner: &Owner,
        duration: Duration,
        claim: &Claim,
    ) -> impl Future<Output = Result<Vec<Lease>, StoreError>> + Send;

    /// Reads at most `limit` records behind each cursor, in one statement or a few, whatever the number of cursors.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn read(
        &self,
        sink: &Sink,
        cursors: &[Cursor],
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// Moves cursors under their fences and parks what was refused, in one transaction; tells the slots whose fence
    /// is another's by now, whose cursors stay.
    ///
    /// # Errors
    /// When the store can't be reached: nothing moved.
    ///
    /// # Cancel safety
    /// Either all or nothing moves.
    fn advance(
        &self,
        sink: &Sink,
        owner: &Owner,
        advances: &[Advance],
    ) -> impl Future<Output = Result<Vec<Slot>, StoreError>> + Send;

    /// Gives the slots of `owner` back, and counts it as a relay no longer.
    ///
    /// # Errors
    /// When the store can't be reached: they run out by themselves.
    ///
    /// # Cancel safety
    /// Either all or nothing is given back.
    fn release(&self, sink: &Sink, owner: &Owner) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The sinks of an outbox: registered, so that retention knows for whom events are kept, and removable.
pub trait Sinks: Send + Sync + 'static {
    /// Registers a sink and makes its slots, unless it is there; its filter is written in any case.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Either all or nothing is written.
    fn register(&self, sink: &Sink, registration: &Registration)
    -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes a sink with its cursors and with what is parked for it; tells whether there was one.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Either all or nothing is removed.
    fn remove(&self, sink: &Sink) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Every registered sink, by name.
    ///
    /// # Errors
    /// When the store can't be reached, or holds a filter that this release can't read.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn sinks(&self) -> impl Future<Output = Result<Vec<SinkState>, StoreError>> + Send;
}

/// Where the events of an outbox come from: its name, its process, its commits.
pub trait Origin: Send + Sync + 'static {
    /// What this outbox is called on the wire now. A relay takes it from [`Survey::source`].
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Dropping the future may leave a new epoch begun, which every relay then finds.
    fn source(&self) -> impl Future<Output = Result<Source, StoreError>> + Send;

    /// Waits until a transaction of this process has committed events. May wait for ever, may wake for nothing.
    ///
    /// # Cancel safety
    /// Nothing is lost: a commit that nobody waited for is told to the next who does.
    fn committed(&self) -> impl Future<Output = ()> + Send;

    /// Up to this position events of the slot may be gone: retention has dropped them.
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn kept(&self, slot: Slot) -> impl Future<Output = Result<Sequence, StoreError>> + Send;

    /// A name under which a relay of this process owns leases: another one with each call.
    fn owner(&self) -> Owner;

    /// Cares for the outbox: partitions ahead of time, retention. Tells how long it can be left alone now; a relay comes back
    /// after five minutes at the latest.
    ///
    /// # Errors
    /// When the store can't be reached, or care is needed that this process may not give.
    ///
    /// # Cancel safety
    /// What was not done is done the next time.
    fn tend(&self) -> impl Future<Output = Result<Duration, StoreError>> + Send;
}
