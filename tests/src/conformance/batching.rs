//! What retention promises where events go in batches.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::runtime::Origin;
use event_core::testing::ManualClock;
use event_core::{Record, Registration, Sink};
use event_sqlx::ArchiveEvents;

use crate::events::Placed;

use super::retaining::{Retaining, old, send_all, today};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How many events a batch has, and two batches and a half.
const BATCH: usize = 256;
const MANY: usize = 640;

/// When a walk that isn't at its end goes on at the latest.
const SOON: Duration = Duration::from_secs(1);

/// A store whose events go in batches.
pub trait Batching: Retaining {
    /// Keeps events for a month and gives them to `archive` then.
    fn archiving(&self, archive: impl ArchiveEvents) -> Self::Store;

    /// Writes so many old events in one statement.
    fn write_many_old(&self, count: usize) -> impl Future<Output = ()> + Send;

    /// Enqueues an event and commits it, and fails rather than wait for a lock.
    fn write_at_once(&self, order: &str) -> impl Future<Output = ()> + Send;

    /// How many events there are.
    fn count(&self) -> impl Future<Output = usize> + Send;

    /// Registers the sink `default`, unless it is there, and has it pass every event.
    fn pass_all(&self) -> impl Future<Output = ()> + Send;

    /// Parks every event for the sink `default`.
    fn park_all(&self) -> impl Future<Output = ()> + Send;
}

/// What an archive was called with, and what it does then.
struct Shelf<F> {
    seen: Arc<Mutex<Vec<Vec<Record>>>>,
    then: F,
}

impl<F, D> ArchiveEvents for Shelf<F>
where
    F: Fn(usize) -> D + Send + Sync + 'static,
    D: Future<Output = Result<(), BoxError>> + Send,
{
    async fn archive(&self, events: &[Record]) -> Result<(), BoxError> {
        let call = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(events.to_vec());
            seen.len()
        };
        (self.then)(call).await
    }
}

type Seen = Arc<Mutex<Vec<Vec<Record>>>>;

/// An archive that does something with the number of its call.
fn shelf<F, D>(then: F) -> (Seen, impl ArchiveEvents)
where
    F: Fn(usize) -> D + Send + Sync + 'static,
    D: Future<Output = Result<(), BoxError>> + Send + 'static,
{
    let seen = Seen::default();
    (Arc::clone(&seen), Shelf { seen, then })
}

fn sizes(seen: &Seen) -> Vec<usize> {
    seen.lock().unwrap().iter().map(Vec::len).collect()
}

fn ids(seen: &Seen) -> Vec<String> {
    seen.lock().unwrap().iter().flatten().map(|record| record.id.as_str().to_owned()).collect()
}

/// Many old events that the only sink has passed.
async fn many<S: Batching>() -> (S, ManualClock) {
    let clock = today();
    let setup = S::fresh(clock.clone()).await;
    setup.write_many_old(MANY).await;
    setup.pass_all().await;
    (setup, clock)
}

pub async fn the_archive_gets_each_batch_whole_before_it_goes<S: Batching>() {
    let (setup, _) = many::<S>().await;
    let there = setup.clone();
    let counts = Arc::<Mutex<Vec<usize>>>::default();
    let counted = Arc::clone(&counts);
    let (seen, archive) = shelf(move |_| {
        let (there, counted) = (there.clone(), Arc::clone(&counted));
        async move {
            let count = there.count().await;
            counted.lock().unwrap().push(count);
            Ok(())
        }
    });
    setup.archiving(archive).tend().await.unwrap();
    assert_eq!(sizes(&seen), [BATCH, BATCH, MANY - 2 * BATCH]);
    assert_eq!(*counts.lock().unwrap(), [MANY, MANY - BATCH, MANY - 2 * BATCH], "each is gone before the next comes");
    assert_eq!(setup.count().await, 0);
    let seen = seen.lock().unwrap();
    let records: Vec<_> = seen.iter().flatten().collect();
    let step = |record: &Record| serde_json::from_str::<Placed>(&record.payload).unwrap().step;
    assert!(records.iter().map(|record| step(record)).is_sorted(), "as they were written");
    let last = records.last().unwrap();
    assert_eq!((last.event_type.as_str(), last.event_version, last.aggregate.as_str()), ("trial.placed", 2, "trial"));
    assert!(last.payload.contains("order_id") && last.headers.starts_with('{'));
}

pub async fn writers_get_in_between_two_batches<S: Batching>() {
    let (setup, _) = many::<S>().await;
    let there = setup.clone();
    let (seen, archive) = shelf(move |call| {
        let there = there.clone();
        async move {
            there.write_at_once(&format!("meanwhile-{call}")).await;
            Ok(())
        }
    });
    setup.archiving(archive).tend().await.unwrap();
    assert_eq!(sizes(&seen).len(), 3);
    assert_eq!(setup.kept().await, ["meanwhile-1", "meanwhile-2", "meanwhile-3"]);
}

pub async fn an_archive_that_fails_keeps_the_batch_and_what_comes_after_it<S: Batching>() {
    let (setup, _) = many::<S>().await;
    let (seen, archive) = shelf(|call| async move { if call == 2 { Err("the shelf is full".into()) } else { Ok(()) } });
    let store = setup.archiving(archive);
    let error = store.tend().await.unwrap_err();
    assert_eq!(event_core::error_chain(&error), ["cannot archive old events", "the shelf is full"]);
    assert!(error.is_transient());
    assert_eq!((setup.count().await, sizes(&seen).len()), (MANY - BATCH, 2));
    store.tend().await.unwrap();
    assert_eq!(setup.count().await, 0);
    let ids = ids(&seen);
    assert_eq!(ids.get(BATCH..2 * BATCH), ids.get(2 * BATCH..3 * BATCH), "the batch comes again");
}

/// A process that ends in the middle leaves whole batches; what was archived and not deleted is archived again.
pub async fn a_walk_that_is_cut_off_leaves_whole_batches<S: Batching>() {
    let (setup, _) = many::<S>().await;
    let (first, archive) = shelf(|call| async move {
        if call == 2 {
            std::future::pending::<()>().await;
        }
        Ok(())
    });
    let store = setup.archiving(archive);
    let walk = tokio::spawn(async move { store.tend().await });
    let limit = tokio::time::timeout(Duration::from_secs(20), async {
        while first.lock().unwrap().len() < 2 {
            tokio::task::yield_now().await;
        }
    });
    limit.await.expect("the second batch comes");
    walk.abort();
    assert!(walk.await.unwrap_err().is_cancelled());
    assert_eq!(setup.count().await, MANY - BATCH);
    let (second, archive) = shelf(|_| async { Ok(()) });
    setup.archiving(archive).tend().await.unwrap();
    assert_eq!(setup.count().await, 0);
    let (first, second) = (ids(&first), ids(&second));
    assert_eq!((first.len(), second.len()), (2 * BATCH, MANY - BATCH));
    assert_eq!(first.get(BATCH..), second.get(..BATCH), "an archive keeps one of the two, by its id");
}

/// While the archive worked a sink came that wants everything: nothing is taken from under it.
pub async fn a_sink_that_comes_while_a_batch_is_archived_gets_it<S: Batching>() {
    let (setup, clock) = many::<S>().await;
    let there = setup.clone();
    let (seen, archive) = shelf(move |_| {
        let there = there.clone();
        async move {
            use event_core::runtime::Sinks;
            there.store().register(&Sink::new("late"), &Registration::default()).await.map_err(Into::into)
        }
    });
    setup.archiving(archive).tend().await.unwrap();
    assert_eq!((sizes(&seen), setup.count().await), (vec![BATCH], MANY));
    assert_eq!(send_all(&setup, &clock, "late").await.sent().len(), MANY);
}

/// More events than are looked at in one go are held in front of those that may go.
pub async fn what_is_held_in_front_is_looked_at_once_and_the_walk_goes_on<S: Batching>() {
    let clock = today();
    let setup = S::fresh(clock.clone()).await;
    setup.write_many_old(10 * BATCH).await;
    setup.pass_all().await;
    setup.park_all().await;
    setup.write_many_old(10).await;
    setup.pass_all().await;
    let store = setup.keeping();
    assert!(store.tend().await.unwrap() <= SOON, "it wants to go on");
    assert_eq!(setup.count().await, 10 * BATCH + 10, "the first comes no further");
    store.tend().await.unwrap();
    assert_eq!(setup.count().await, 10 * BATCH, "the second goes on there");
    setup.unpark().await;
    store.tend().await.unwrap();
    assert_eq!(setup.count().await, 10 * BATCH, "it has come to the end and rests");
    clock.advance(5 * 60 * SOON);
    for _ in 0..=10 {
        store.tend().await.unwrap();
    }
    assert_eq!(setup.count().await, 0, "and then the walk begins anew");
}

pub async fn stores_that_walk_at_once_delete_each_event_once<S: Batching>() {
    let (setup, _) = many::<S>().await;
    let (one, another) = (setup.keeping(), setup.keeping());
    let (first, second) = tokio::join!(one.tend(), another.tend());
    first.and(second).unwrap();
    assert_eq!(setup.count().await, 0);
    let (setup, _) = old::<S>().await;
    setup.keeping().tend().await.unwrap();
    assert_eq!(setup.count().await, 3, "no sink");
}
