//! What a consumer promises when the producer's database is restored to an earlier state, or failed over: its relays send again,
//! under another epoch, what was applied before.
#![allow(clippy::indexing_slicing, reason = "the test made what it looks at")]

use std::collections::BTreeMap;
use std::time::Duration;

use event_core::runtime::Counts;
use event_core::testing::{ManualClock, MemoryStore};
use event_core::{Action, Consumer, Envelope, LetterId, Relay, Sink};

use super::world::{NoJitter, counts};
use crate::events::Placed;
use crate::recorder::Recorder;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup, noon};

/// A producer whose database can be restored, and a consumer in another one.
struct World<S: Setup> {
    producer: MemoryStore,
    setup: S,
    clock: ManualClock,
    consumer: Consumer<S::Store, Script>,
}

impl<S: Setup> World<S>
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    async fn new(script: Script) -> Self {
        let clock = noon();
        let setup = S::fresh(clock.clone()).await;
        let consumer = Consumer::new(setup.store(), script).jitter(NoJitter);
        Self { producer: MemoryStore::new(clock.clone()), setup, clock, consumer }
    }

    async fn commit(&self, order: &str, steps: std::ops::RangeInclusive<u32>) {
        let mut transaction = self.producer.transaction().await.unwrap();
        for step in steps {
            transaction.enqueue(&Placed::new(order, step)).unwrap();
        }
        transaction.commit().await.unwrap();
    }

    /// What the relays send now.
    async fn sent(&self) -> Vec<Vec<u8>> {
        let recorder = Recorder::default();
        self.clock.advance(Duration::from_secs(11));
        let relay = Relay::new(self.producer.clone(), recorder.clone()).sink(Sink::new("test"));
        while relay.step().await.unwrap().sent > 0 {}
        recorder.bodies()
    }

    async fn apply(&self, bodies: &[Vec<u8>]) -> Counts {
        let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
        let (taken, counts) = self.consumer.apply(&bodies).await.unwrap();
        assert_eq!(taken, bodies.len());
        counts
    }

    async fn pass(&self) -> Counts {
        let sent = self.sent().await;
        self.apply(&sent).await
    }
}

pub async fn what_a_restored_producer_sends_again_is_applied_once_and_what_is_new_is_applied<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    world.commit("o-1", 1..=3).await;
    let backup = world.producer.backup().await;
    world.commit("o-1", 4..=5).await;
    assert_eq!(world.pass().await, counts(|c| c.applied = 5));
    world.producer.restore(&backup).await;
    world.commit("o-1", 14..=16).await;
    let again = world.sent().await;
    assert_eq!(again.len(), 6, "the restored database has sent nothing yet");
    assert_eq!(world.apply(&again).await, counts(|c| (c.applied, c.duplicates) = (3, 3)));
    assert_eq!(world.apply(&again).await, counts(|c| c.duplicates = 6));
    let written = ["o-1/1", "o-1/2", "o-1/3", "o-1/4", "o-1/5", "o-1/14", "o-1/15", "o-1/16"];
    assert_eq!(world.setup.written().await, written);
    let alarms = world.setup.audited(Action::EpochBegun).await;
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    assert!(alarms[0].starts_with("`/memory?epoch=2` is a new epoch of `/memory?epoch=1`"), "{alarms:?}");
}

/// One by one and in batches, so that ids are with the mark, and in the history, and in rows of it of any length.
pub async fn what_was_taken_long_before_a_restore_is_recognised<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let backup = world.producer.backup().await;
    world.commit("o-1", 1..=150).await;
    let whole = world.producer.backup().await;
    let mut left = &world.sent().await[..];
    for length in [1, 2, 60].iter().cycle() {
        let (part, rest) = left.split_at((*length).min(left.len()));
        assert_eq!(world.apply(part).await.applied, part.len());
        left = rest;
        if left.is_empty() {
            break;
        }
    }
    world.producer.restore(&whole).await;
    assert_eq!(world.pass().await, counts(|c| c.duplicates = 150));
    world.producer.restore(&backup).await;
    world.commit("o-1", 201..=350).await;
    assert_eq!(world.pass().await, counts(|c| c.applied = 150));
    assert_eq!(world.setup.written().await.len(), 300);
}

pub async fn what_nobody_remembers_after_a_restore_is_a_dead_letter<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let mut world = World::<S>::new(Script::default()).await;
    world.consumer = Consumer::new(world.setup.store(), Script::default()).history(Duration::ZERO);
    world.commit("o-1", 1..=2).await;
    let backup = world.producer.backup().await;
    world.commit("o-2", 1..=1).await;
    world.pass().await;
    world.producer.restore(&backup).await;
    world.commit("o-1", 3..=3).await;
    let counted = world.pass().await;
    assert_eq!((counted.applied, counted.dead_letters, counted.duplicates), (0, 1, 1), "{counted:?}");
    assert_eq!(counted.held, 1, "what is behind it waits: nothing is dropped");
    let letters = world.consumer.dead_letters(LetterId::new(0), 10).await.unwrap();
    assert!(
        letters[0].errors[0].starts_with("whether it was applied under an earlier epoch"),
        "{:?}",
        letters[0].errors
    );
    world.consumer.discard(letters[0].id, "it was applied").await.unwrap();
    assert_eq!(world.consumer.work_letters().await.unwrap(), counts(|c| c.applied = 1));
    let written = world.setup.written().await;
    let own: Vec<_> = written.iter().filter(|line| line.starts_with("o-1/")).collect();
    assert_eq!(own, ["o-1/1", "o-1/2", "o-1/3"]);
    assert_eq!(written.len(), 4);
}

pub async fn what_comes_late_under_the_old_name_is_applied_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    world.commit("o-1", 1..=4).await;
    let backup = world.producer.backup().await;
    let old = world.sent().await;
    world.apply(&old[..2]).await;
    world.producer.restore(&backup).await;
    let new = world.sent().await;
    assert_eq!(new.len(), 4);
    assert_eq!(world.apply(&new[..3]).await, counts(|c| (c.applied, c.duplicates) = (1, 2)));
    assert_eq!(world.apply(&old[2..]).await, counts(|c| (c.applied, c.duplicates) = (1, 1)));
    assert_eq!(world.apply(&new[3..]).await, counts(|c| c.duplicates = 1));
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2", "o-1/3", "o-1/4"]);
}

/// A broker may keep both epochs of a slot on one stream of its own.
pub async fn both_epochs_in_one_batch_are_applied_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for known in 0..=2 {
        let world = World::<S>::new(Script::default()).await;
        world.commit("o-1", 1..=4).await;
        let backup = world.producer.backup().await;
        let mut batch = world.sent().await;
        world.apply(&batch[..known]).await;
        world.producer.restore(&backup).await;
        world.commit("o-1", 5..=5).await;
        let new = world.sent().await;
        batch.extend(new.clone());
        batch.extend(batch[..3].to_vec());
        batch.extend(new);
        world.apply(&batch).await;
        assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2", "o-1/3", "o-1/4", "o-1/5"], "{known} were known");
        // What the old epoch brings late doesn't come before what the new one has.
        let world = World::<S>::new(Script::default()).await;
        let late: Vec<_> = batch[4..8].iter().chain(&batch[1..2]).cloned().collect();
        world.apply(&batch[..1]).await;
        world.apply(&late).await;
        assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2", "o-1/3", "o-1/4"]);
        let interleaved: Vec<_> =
            batch[..4].iter().zip(&batch[4..8]).flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
        let world = World::<S>::new(Script::default()).await;
        world.apply(&interleaved).await;
        assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2", "o-1/3", "o-1/4"]);
    }
}

/// The relays of an epoch may still be at work when the one after the next has begun.
pub async fn three_epochs_at_once_are_applied_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    world.commit("o-1", 1..=12).await;
    let backup = world.producer.backup().await;
    let mut epochs = vec![world.sent().await];
    for _ in 0..2 {
        world.producer.restore(&backup).await;
        epochs.push(world.sent().await);
    }
    world.apply(&epochs[0][..2]).await;
    world.apply(&epochs[1][..4]).await;
    world.apply(&epochs[2][..5]).await;
    for at in 4..12 {
        let turn = if at % 2 == 0 { [2, 1, 0] } else { [1, 2, 0] };
        for epoch in turn {
            let from = if epoch == 0 { 2 } else { 4 }.max(at.min(if epoch == 0 { 2 } else { 4 }));
            let upto = (at + 1).min(12);
            world.apply(&epochs[epoch][from..upto]).await;
        }
    }
    let lines: Vec<_> = (1..=12).map(|step| format!("o-1/{step}")).collect();
    assert_eq!(world.setup.written().await, lines);
}

/// Nobody knows whether they were applied, for they are older than what the consumer began with; but they are there.
pub async fn a_position_to_begin_at_drops_nothing_of_another_epoch<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let mut world = World::<S>::new(Script::default()).await;
    let after = event_core::FirstContact::After(event_core::Sequence::new(2));
    world.consumer = Consumer::new(world.setup.store(), Script::default()).first_contact(after);
    let empty = world.producer.backup().await;
    world.commit("o-1", 1..=4).await;
    assert_eq!(world.pass().await, counts(|c| (c.applied, c.duplicates) = (2, 2)));
    world.producer.restore(&empty).await;
    world.commit("o-1", 11..=12).await;
    assert_eq!(world.pass().await, counts(|c| c.dead_letters = 2));
}

pub async fn a_key_that_waits_waits_over_a_restore<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForNow])).await;
    world.commit("o-1", 1..=1).await;
    assert_eq!(world.pass().await, counts(|c| c.retries = 1));
    let backup = world.producer.backup().await;
    world.producer.restore(&backup).await;
    world.commit("o-1", 2..=2).await;
    assert_eq!(world.pass().await, counts(|c| c.held = 1));
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.consumer.work_letters().await.unwrap(), counts(|c| c.applied = 2));
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2"]);
}

/// A few numbers that look like chance, the same in each run.
fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % sides
    }
}

/// Whatever is committed, sent, received, restored, in whatever order: what any of the producer's states has sent is applied once,
/// and for each key in the order in which it was first sent.
pub async fn restores_at_any_time_apply_everything_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for seed in 1..=12 {
        let mut roll = dice(seed);
        let world = World::<S>::new(Script::default()).await;
        let (mut backups, mut step) = (vec![world.producer.backup().await], 0);
        // Of each epoch what was sent and not received yet.
        let mut queues: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        let mut known: Vec<String> = Vec::new();
        for _ in 0..40 {
            match roll(8) {
                0..3 => {
                    step += 1;
                    world.commit(&format!("o-{}", roll(3)), step..=step).await;
                }
                3 => backups.push(world.producer.backup().await),
                4 if roll(3) == 0 => {
                    let chosen = usize::try_from(roll(u64::try_from(backups.len()).unwrap())).unwrap();
                    world.producer.restore(&backups[chosen]).await;
                }
                4..6 => {
                    for body in world.sent().await {
                        let envelope = Envelope::from_json(&body).unwrap();
                        queues.entry(envelope.source.to_string()).or_default().push(body);
                        known.push(envelope.id.to_string());
                    }
                }
                _ => receive(&world, &mut queues, &mut roll).await,
            }
        }
        while queues.values().any(|queue| !queue.is_empty()) {
            receive(&world, &mut queues, &mut roll).await;
        }
        known.sort();
        known.dedup();
        let mut written = world.setup.written().await;
        assert_eq!(written.len(), known.len(), "seed {seed}: as many are applied as were ever sent");
        written.sort();
        written.dedup();
        assert_eq!(written.len(), known.len(), "seed {seed}: each once");
    }
}

/// A part of a queue arrives, and perhaps one of another queue with it, and some of it comes again.
async fn receive<S: Setup>(
    world: &World<S>,
    queues: &mut BTreeMap<String, Vec<Vec<u8>>>,
    roll: &mut impl FnMut(u64) -> u64,
) where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let chosen = roll(u64::try_from(queues.len().max(1)).unwrap());
    let Some(queue) = queues.values_mut().nth(usize::try_from(chosen).unwrap()) else { return };
    let count = usize::try_from(roll(4)).unwrap().min(queue.len());
    let part = queue[..count].to_vec();
    world.apply(&part).await;
    if roll(4) > 0 {
        queue.drain(..count);
    }
}
