//! Gaps that somebody skips, and consumers that begin again.
#![allow(clippy::indexing_slicing, reason = "the test made what it looks at")]

use event_core::runtime::{Operator, Rebuild, RebuildError, StartAt, Streams};
use event_core::{Action, Consumer, Envelope, LetterId, Sequence, Sink, follow};
use tokio_util::sync::CancellationToken;

use super::world::{NoJitter, World, counts};
use crate::conformance::together::written;
use crate::events::Placed;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup, noon};

pub async fn a_gap_is_listed_and_skipped_by_hand_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    world.setup.commit(&(1..=4).map(|step| Placed::new("o-1", step)).collect::<Vec<_>>()).await;
    world.relay().await;
    let bodies = world.recorder.bodies();
    world.apply(&bodies[0]).await;
    assert_eq!(world.consumer.apply(&[&bodies[3]]).await.unwrap(), (0, counts(|c| c.gaps = 1)));

    let store = world.setup.store();
    let open = store.open_gaps(Some("billing")).await.unwrap();
    assert_eq!(open, store.open_gaps(None).await.unwrap());
    assert!(store.open_gaps(Some("shipping")).await.unwrap().is_empty());
    let (last, gap) = (Envelope::from_json(&bodies[3]).unwrap(), &open[0].gap);
    assert_eq!((open.len(), open[0].consumer.as_str(), &gap.event_id), (1, "billing", &last.id));
    assert_eq!((Some(gap.sequence), Some(gap.previous)), (last.sequence, last.previous));
    assert_eq!(store.in_outbox(&gap.stream, gap.after, gap.previous).await.unwrap(), Some(2));

    let operator = Operator::new(store.clone()).by("ada");
    let skipped = operator.skip("billing", &gap.stream, "they were tests").await.unwrap();
    assert_eq!(skipped.as_ref(), Some(gap));
    assert_eq!(operator.skip("billing", &gap.stream, "again").await.unwrap(), None);
    let audited = world.setup.audited(Action::Skipped).await;
    assert_eq!(audited.len(), 1);
    assert!(audited[0].starts_with("they were tests: skipped what is behind sequence "), "{audited:?}");
    assert!(store.open_gaps(None).await.unwrap().is_empty());
    assert_eq!(world.apply(&bodies[3]).await, counts(|c| c.applied = 1));
    assert_eq!(world.apply(&bodies[1]).await, counts(|c| c.duplicates = 1));
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/4"]);
}

pub async fn a_rebuilt_consumer_has_nothing_of_before_and_takes_all_again<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 2, [Act::FailForGood])).await;
    world.place(&(1..=3).map(|step| Placed::new("o-1", step)).collect::<Vec<_>>()).await;
    let operator = Operator::new(world.setup.store()).by("ada");
    let earliest = Rebuild::from(StartAt::Earliest);
    let nobody = operator.rebuild("shipping", &earliest, "why").await;
    assert!(matches!(nobody, Err(RebuildError::NoSuchConsumer(_))), "{nobody:?}");

    let dry = operator.rebuild("billing", &earliest.clone().dry_run(true), "why").await.unwrap();
    assert_eq!((dry.marks, dry.letters, dry.follows, dry.has_outbox), (1, 2, false, true));
    assert_eq!(world.consumer.dead_letters(LetterId::new(0), 10).await.unwrap().len(), 1);

    assert_eq!(operator.rebuild("billing", &earliest, "the totals were wrong").await.unwrap(), dry);
    assert!(world.consumer.dead_letters(LetterId::new(0), 10).await.unwrap().is_empty());
    let audited = world.setup.audited(Action::Rebuilt).await;
    assert_eq!(audited, ["the totals were wrong: 1 marks moved, 2 letters deleted, 0 ids forgotten"]);
    assert_eq!(world.apply_all().await, counts(|c| c.applied = 3));
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/1", "o-1/2", "o-1/3"]);
}

pub async fn a_rebuild_from_a_place_takes_what_is_behind_it<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    world.place(&(1..=3).map(|step| Placed::new("o-1", step)).collect::<Vec<_>>()).await;
    let operator = Operator::new(world.setup.store());
    let second = Envelope::from_json(&world.recorder.bodies()[1]).unwrap().sequence.unwrap();
    operator.rebuild("billing", &Rebuild::from(StartAt::After(second)), "why").await.unwrap();
    assert_eq!(world.apply_all().await, counts(|c| (c.duplicates, c.applied) = (2, 1)));
    let first_of_all = Rebuild::from(StartAt::Time("1999-12-31T23:59:59Z".parse().unwrap()));
    operator.rebuild("billing", &first_of_all, "why").await.unwrap();
    assert_eq!(world.apply_all().await, counts(|c| c.applied = 3));
    let end = Rebuild::from(StartAt::Time("2999-12-31T23:59:59Z".parse().unwrap()));
    operator.rebuild("billing", &end, "why").await.unwrap();
    assert_eq!(world.apply_all().await, counts(|c| c.duplicates = 3));
    let far = Rebuild::from(StartAt::After(Sequence::new(1_000_000)));
    operator.rebuild("billing", &far, "why").await.unwrap();
    assert_eq!(world.apply_all().await, counts(|c| c.duplicates = 3));
}

/// What ran before is finished, and then all of it is taken once more, in order.
pub async fn a_rebuild_while_batches_run_repeats_what_was_asked_and_loses_nothing<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    const KEYS: usize = 4;
    let setup = S::fresh(noon()).await;
    let place = async |steps: std::ops::RangeInclusive<u32>| {
        for step in steps {
            let events: Vec<_> = (0..KEYS).map(|key| Placed::new(&format!("o-{key}"), step)).collect();
            setup.commit(&events).await;
        }
    };
    place(1..=4).await;
    let shutdown = CancellationToken::new();
    let consumer = Consumer::new(setup.store(), Script::default()).jitter(NoJitter).batch(5).concurrency(2);
    let subscription = follow(setup.store(), Sink::new("billing")).batch(7);
    let running = tokio::spawn(consumer.run(subscription, shutdown.clone()));
    written(&setup, 4 * KEYS).await;
    let operator = Operator::new(setup.other_process()).by("ada");
    let (rebuild, why) = (Rebuild::from(StartAt::Earliest), "the totals were wrong");
    let rebuilding = async {
        tokio::task::yield_now().await;
        operator.rebuild("billing", &rebuild, why).await.unwrap()
    };
    let ((), rebuilt) = tokio::join!(place(5..=8), rebuilding);
    assert!(rebuilt.follows && rebuilt.has_outbox, "{rebuilt:?}");
    place(9..=10).await;

    let all_twice = async {
        loop {
            let runs = runs(&setup.written().await);
            if runs.len() == KEYS && runs.values().all(|steps| steps.ends_with(&(1..=10).collect::<Vec<_>>())) {
                return runs;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let runs = tokio::time::timeout(std::time::Duration::from_secs(60), all_twice).await.expect("all is taken again");
    shutdown.cancel();
    running.await.unwrap().unwrap();
    for (key, steps) in runs {
        let before = &steps[..steps.len() - 10];
        assert!(before.len() >= 4 && before.iter().copied().eq(1..=before.len() as u32), "{key}: {steps:?}");
    }
}

/// The steps of each order, in the order in which they were written.
fn runs(written: &[String]) -> std::collections::BTreeMap<String, Vec<u32>> {
    let mut runs = std::collections::BTreeMap::<String, Vec<u32>>::new();
    for line in written {
        let (order, step) = line.split_once('/').unwrap();
        runs.entry(order.to_owned()).or_default().push(step.parse().unwrap());
    }
    runs
}
