//! The test bench of users, over every store.

use std::time::Duration;

use event_core::testing::{Disorder, Fault, Kit};
use event_core::{Place, assert_published};

use crate::events::{Invoiced, Placed};
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup, noon};

fn invoiced(order: &str, step: u32) -> Invoiced {
    Invoiced { order_id: order.to_owned(), step }
}

pub async fn a_bench_over_this_store_finds_each_event_applied_once_whatever_fails<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let script = Script::default().on("o-9", 1, [Act::FailForGood]);
    let kit = Kit::new(setup.store(), script, clock);
    assert_eq!(kit.deliver(&Placed::new("o-1", 1)).await.unwrap().applied, 1);
    assert_published!(kit, [invoiced("o-1", 1)]);
    for (number, fault) in [Fault::Begin, Fault::BeforeCommit, Fault::AfterCommit].into_iter().enumerate() {
        let order = format!("f-{number}");
        kit.fail(fault, 1);
        kit.deliver_all(&[Placed::new(&order, 1), Placed::new(&order, 2)]).await.unwrap();
        kit.after(Duration::from_secs(60)).await.unwrap();
        assert_published!(kit, [invoiced(&order, 1), invoiced(&order, 2)]);
    }
    kit.fail_handler(2);
    let counts = kit.deliver_all(&[Placed::new("o-2", 1), Placed::new("o-2", 2)]).await.unwrap();
    assert_eq!((counts.applied, counts.retries), (1, 1));
    assert_published!(kit, [invoiced("o-2", 1)]);
    assert_eq!(kit.after(Duration::from_secs(1)).await.unwrap().applied, 1);
    assert_published!(kit, [invoiced("o-2", 2)]);
    kit.deliver(&Placed::new("o-9", 1)).await.unwrap();
    assert_eq!(kit.letters(Place::DeadLetter).await.unwrap().len(), 1);
    let again = kit.redeliver_all().await.unwrap();
    assert_eq!((again.duplicates, again.applied), (10, 0));
    assert_eq!(kit.published::<Invoiced>().await.unwrap().len(), 9);
}

pub async fn a_bench_over_this_store_delivers_in_another_order<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    for disorder in [Disorder::BetweenStreams(7), Disorder::Total(7)] {
        let clock = noon();
        let setup = S::fresh(clock.clone()).await;
        let kit = Kit::new(setup.store(), Script::default(), clock);
        let events: Vec<_> = (1..=4).flat_map(|step| ["o-1", "o-2"].map(|order| Placed::new(order, step))).collect();
        let counts = kit.deliver_disordered(&events, disorder).await.unwrap();
        assert_eq!((counts.applied, counts.gaps > 0), (8, disorder == Disorder::Total(7)), "{disorder:?}");
        let mut written = setup.written().await;
        written.sort_by(|a, b| a.split('/').next().cmp(&b.split('/').next()));
        assert_eq!(written, ["o-1/1", "o-1/2", "o-1/3", "o-1/4", "o-2/1", "o-2/2", "o-2/3", "o-2/4"]);
    }
}
