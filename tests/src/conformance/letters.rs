//! Letters, as people find, replay and discard them.

use std::time::Duration;

use event_core::runtime::{Inbox, Letters, Operator, Outcome, ReplayOptions};
use event_core::{Action, Class, Consumer, Letter, LetterId, Place, Selection};

use crate::conformance::world::{NoJitter, World, counts};
use crate::events::Placed;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup};

/// A script whose first attempts of the first steps of `orders` fail for good.
fn failing(orders: &[&str]) -> Script {
    orders.iter().fold(Script::default(), |script, order| script.on(order, 1, [Act::FailForGood]))
}

async fn found<S: Setup>(world: &World<S>, selection: &Selection) -> Vec<String> {
    let store = world.setup.store();
    let letters = store.find(selection, LetterId::new(0), 100).await.unwrap();
    assert_eq!(store.count(selection).await.unwrap(), letters.len() as u64);
    assert!(letters.iter().all(|letter| selection.holds(letter)));
    letters.iter().map(key).collect()
}

fn key(letter: &Letter) -> String {
    letter.partition_key.as_ref().map_or("none", |key| key.as_str()).to_owned()
}

pub async fn letters_are_found_by_all_that_is_known_of_them<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let script = failing(&["o-1", "o-2"]).on("o-3", 1, [Act::FailForNow]);
    let world = World::<S>::new(script).await;
    world.place(&[Placed::new("o-1", 1)]).await;
    let later = world.setup.store().now() + Duration::from_secs(5);
    world.place(&[Placed::new("o-2", 1), Placed::new("o-3", 1), Placed::new("o-2", 2)]).await;
    world.apply(b"{\"no\": \"event\"}").await;

    let dead = Selection::dead_letters;
    assert_eq!(found(&world, &Selection::all()).await.len(), 5);
    assert_eq!(found(&world, &dead()).await, ["trial/o-1", "trial/o-2", "none"]);
    assert_eq!(found(&world, &dead().consumer("billing")).await.len(), 3);
    assert!(found(&world, &dead().consumer("shipping")).await.is_empty());
    assert_eq!(found(&world, &Selection::all().place(Place::Retry)).await, ["trial/o-3"]);
    assert_eq!(found(&world, &Selection::all().class(Class::Transient)).await, ["trial/o-3"]);
    assert_eq!(found(&world, &dead().class(Class::Malformed)).await, ["none"]);
    assert_eq!(found(&world, &dead().event_type("trial.placed")).await, ["trial/o-1", "trial/o-2"]);
    assert_eq!(found(&world, &Selection::all().key("o-2")).await, ["trial/o-2", "trial/o-2"]);
    assert_eq!(found(&world, &dead().key("trial/o-1")).await, ["trial/o-1"]);
    assert_eq!(found(&world, &dead().error("the order has no lines")).await, ["trial/o-1", "trial/o-2"]);
    assert!(found(&world, &dead().error("the order has % lines")).await.is_empty());
    assert!(found(&world, &dead().error("The Order")).await.is_empty());
    assert_eq!(found(&world, &dead().before(later)).await, ["trial/o-1"]);
    assert_eq!(found(&world, &dead().since(later)).await, ["trial/o-2", "none"]);
}

pub async fn a_page_of_letters_goes_on_behind_the_last<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(failing(&["o-1", "o-2", "o-3"])).await;
    world.place(&["o-1", "o-2", "o-3"].map(|order| Placed::new(order, 1))).await;
    world.place(&[Placed::new("o-2", 2), Placed::new("o-2", 3)]).await;
    let store = world.setup.store();
    let first = store.find(&Selection::dead_letters(), LetterId::new(0), 2).await.unwrap();
    assert_eq!(first.len(), 2);
    let rest = store.find(&Selection::dead_letters(), first.last().unwrap().id, 2).await.unwrap();
    assert_eq!(rest.len(), 1);
    let mut ids: Vec<_> = first.iter().chain(&rest).map(|letter| (key(letter), letter.id)).collect();
    ids.sort();
    let ids: Vec<_> = ids.into_iter().map(|(_, id)| id).collect();
    assert_eq!(store.behind(&ids).await.unwrap(), [0, 2, 0]);
    assert_eq!(store.behind(&[LetterId::new(4711)]).await.unwrap(), [0]);
    assert_eq!(store.read(&ids).await.unwrap().len(), 3);
    assert!(store.read(&[]).await.unwrap().is_empty());
}

pub async fn a_replay_of_many_counts_what_it_did_and_what_was_held_flows<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let script = failing(&["o-1", "o-2"]).on("o-3", 1, [Act::FailForGood; 2]);
    let world = World::<S>::new(script).await;
    world.place(&["o-1", "o-2", "o-3"].map(|order| Placed::new(order, 1))).await;
    world.place(&[Placed::new("o-1", 2)]).await;

    let dry = world.consumer.replay_all(Selection::dead_letters(), ReplayOptions::new().dry_run()).await.unwrap();
    assert_eq!((dry.selected, dry.replayed), (3, 0));
    assert!(world.setup.written().await.is_empty());

    let one = ReplayOptions::new().count(1);
    let one = world.consumer.replay_all(Selection::dead_letters().key("o-1"), one).await.unwrap();
    assert_eq!((one.selected, one.replayed), (1, 1));
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2"]);

    let mut steps = Vec::new();
    let options =
        ReplayOptions::new().rate(1000).progress(|report| steps.push(report.replayed + report.failed.len() as u64));
    let rest = world.consumer.replay_all(Selection::dead_letters(), options).await.unwrap();
    assert_eq!((rest.selected, rest.replayed, rest.skipped), (2, 1, 0));
    assert_eq!(rest.failed.len(), 1);
    let causes = &rest.failed.first().unwrap().1;
    assert_eq!(*causes, ["cannot issue the invoice", "the order has no lines"]);
    assert_eq!(steps, [1, 2]);
    assert_eq!(world.consumer.dead_letters(LetterId::new(0), 10).await.unwrap().len(), 1);
}

pub async fn two_replays_at_once_apply_each_event_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let orders: Vec<String> = (0..12).map(|number| format!("o-{number}")).collect();
    let names: Vec<&str> = orders.iter().map(String::as_str).collect();
    let world = World::<S>::new(failing(&names)).await;
    world.place(&names.iter().map(|order| Placed::new(order, 1)).collect::<Vec<_>>()).await;
    let other = Consumer::new(world.setup.other_process(), Script::default()).jitter(NoJitter);
    let (one, two) = tokio::join!(
        world.consumer.replay_all(Selection::dead_letters(), ReplayOptions::new()),
        other.replay_all(Selection::dead_letters(), ReplayOptions::new()),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.replayed + two.replayed, 12, "{one:?} {two:?}");
    assert!(one.failed.is_empty() && two.failed.is_empty());
    let mut written = world.setup.written().await;
    written.sort();
    written.dedup();
    assert_eq!(written.len(), 12);
}

pub async fn an_operator_has_the_running_consumer_try_once_more<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let script = failing(&["o-1"]).on("o-2", 1, [Act::FailForGood, Act::FailForNow]);
    let world = World::<S>::new(script).await;
    world.place(&[Placed::new("o-1", 1), Placed::new("o-2", 1)]).await;
    world.place(&[Placed::new("o-1", 2)]).await;
    let mut letters = world.consumer.dead_letters(LetterId::new(0), 10).await.unwrap();
    letters.sort_by_key(key);
    let ids: Vec<_> = letters.iter().map(|letter| letter.id).collect();

    let operator = Operator::new(world.setup.store()).by("ada");
    let other = Operator::new(world.setup.other_process()).by("bob");
    let asked = operator.asks("r-1", "the bank is open");
    for id in &ids {
        assert!(operator.hand_out(*id, &asked).await.unwrap());
        assert!(!other.hand_out(*id, &other.asks("r-2", "me too")).await.unwrap(), "it was asked for already");
    }
    let waiting = operator.outcomes(&ids, &asked).await.unwrap();
    assert!(waiting.iter().all(|(_, outcome)| *outcome == Outcome::Waiting), "{waiting:?}");

    assert_eq!(world.after(0).await, counts(|c| (c.applied, c.dead_letters) = (2, 1)));
    let failed = vec!["cannot issue the invoice".to_owned(), "the bank is closed".to_owned()];
    let outcomes: Vec<_> =
        operator.outcomes(&ids, &asked).await.unwrap().into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [Outcome::Replayed, Outcome::Failed(failed)], "one try, whatever the schedule says");
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2"]);
    assert_eq!(world.the_dead_letter().await.replay, None);
}

pub async fn what_an_operator_discards_is_audited_and_frees_its_key<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(failing(&["o-1"])).await;
    world.place(&[Placed::new("o-1", 1), Placed::new("o-1", 2)]).await;
    let letter = world.the_dead_letter().await;
    let operator = Operator::new(world.setup.store()).by("ada");
    let asked = operator.asks("r-1", "");
    assert!(operator.hand_out(letter.id, &asked).await.unwrap());
    assert!(operator.discard(letter.id, "a test order").await.unwrap());
    assert!(!operator.discard(letter.id, "again").await.unwrap());
    assert_eq!(operator.outcomes(&[letter.id], &asked).await.unwrap(), [(letter.id, Outcome::Skipped)]);
    assert_eq!(world.setup.audited(Action::Discarded).await, ["a test order"]);
    assert_eq!(world.after(0).await, counts(|c| c.applied = 1));
    assert_eq!(world.setup.written().await, ["o-1/2"]);
}
