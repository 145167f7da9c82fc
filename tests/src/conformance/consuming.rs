//! What a consumer promises.

use std::time::Duration;

use event_core::runtime::{Counts, Inbox, Relay, Replayed};
use event_core::{Consumer, LetterId, Place};

use super::world::{NoJitter, World, counts, wire};
use crate::events::{Placed, Viewed};
use crate::recorder::Recorder;
use crate::script::{Act, Script, Strict};
use crate::setup::{ContextOf, Effects, Setup, noon};

pub async fn an_event_is_applied_and_a_redelivery_changes_nothing<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    assert_eq!(world.place(&[Placed::new("o-1", 1)]).await, counts(|c| c.applied = 1));
    assert_eq!(world.apply_all().await, counts(|c| c.duplicates = 1));
    assert_eq!(world.setup.written().await, ["o-1/1"]);
    world.relay().await;
    let sent = world.recorder.sent();
    let invoice = sent.iter().find(|e| e.event_type == "trial.invoiced").unwrap();
    let placed = sent.first().unwrap();
    assert_eq!(invoice.causation_id.as_ref(), Some(&placed.id));
    assert_eq!(invoice.correlation_id.as_ref(), Some(&placed.id));
    assert_eq!(sent.iter().filter(|e| e.event_type == "trial.invoiced").count(), 1);
}

pub async fn an_older_version_is_upcast_before_the_handler_runs<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let body = wire(r#""id":"1","eventversion":1"#, r#"{"order_id":"o-9","step":4}"#);
    assert_eq!(world.apply(&body).await, counts(|c| c.applied = 1));
    assert_eq!(world.setup.written().await, ["o-9/4"]);
}

pub async fn a_failed_handler_leaves_nothing_behind_and_is_retried_on_schedule<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForNow, Act::FailForNow])).await;
    assert_eq!(world.place(&[Placed::new("o-1", 1)]).await, counts(|c| c.retries = 1));
    assert!(world.setup.written().await.is_empty());
    assert_eq!(world.after(0).await, Counts::default());
    assert_eq!(world.after(1).await, counts(|c| c.retries = 1));
    assert_eq!(world.after(4).await, Counts::default());
    assert_eq!(world.after(1).await, counts(|c| c.applied = 1));
    assert_eq!(world.setup.written().await, ["o-1/1"]);
    assert!(world.letters(Place::Retry).await.is_empty());
}

pub async fn a_spent_budget_ends_in_a_dead_letter_with_its_causes<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForNow; 5])).await;
    world.place(&[Placed::new("o-1", 1)]).await;
    for seconds in [1, 5, 30, 300] {
        world.after(seconds).await;
    }
    let letter = world.the_dead_letter().await;
    assert_eq!(letter.attempts, 5);
    assert_eq!(letter.errors, ["cannot issue the invoice", "the bank is closed"]);
    assert_eq!(letter.event_type.as_deref(), Some("trial.placed"));
    assert_eq!(letter.body, *world.recorder.bodies().first().unwrap(), "the payload is kept as it came");
    assert!(world.setup.written().await.is_empty());
}

pub async fn a_permanent_failure_is_a_dead_letter_at_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForGood])).await;
    assert_eq!(world.place(&[Placed::new("o-1", 1)]).await, counts(|c| c.dead_letters = 1));
    assert_eq!(world.the_dead_letter().await.attempts, 1);
}

pub async fn later_events_of_a_key_are_held_and_flow_in_order<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForNow])).await;
    let events: Vec<_> = (1..=3).map(|step| Placed::new("o-1", step)).chain([Placed::new("o-2", 1)]).collect();
    let expected = counts(|c| (c.retries, c.held, c.applied) = (1, 2, 1));
    assert_eq!(world.place(&events).await, expected);
    assert_eq!(world.setup.written().await, ["o-2/1"]);
    assert_eq!(world.apply_all().await, counts(|c| c.duplicates = 4));
    assert_eq!(world.after(1).await, counts(|c| c.applied = 3));
    assert_eq!(world.setup.written().await, ["o-2/1", "o-1/1", "o-1/2", "o-1/3"]);
}

pub async fn a_discarded_letter_frees_its_key_and_is_audited<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForGood])).await;
    world.place(&[Placed::new("o-1", 1), Placed::new("o-1", 2)]).await;
    assert_eq!(world.after(3600).await, Counts::default(), "what is held stays held");
    let letter = world.the_dead_letter().await;
    assert!(world.consumer.discard(letter.id, "a test order").await.unwrap());
    assert!(!world.consumer.discard(letter.id, "again").await.unwrap());
    assert_eq!(world.after(0).await, counts(|c| c.applied = 1));
    assert_eq!(world.setup.written().await, ["o-1/2"]);
    assert_eq!(world.setup.audited(event_core::Action::Discarded).await, ["a test order"]);
}

pub async fn a_replay_applies_once_however_often_it_is_run<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForGood])).await;
    world.place(&[Placed::new("o-1", 1), Placed::new("o-1", 2)]).await;
    let held = world.letters(Place::Held).await;
    assert_eq!(world.consumer.replay(held.first().unwrap().id).await.unwrap(), Replayed::Skipped);
    let letter = world.the_dead_letter().await;
    let (one, two) = tokio::join!(world.consumer.replay(letter.id), world.consumer.replay(letter.id));
    let mut answers = [one.unwrap(), two.unwrap()];
    answers.sort_by_key(|answer| *answer != Replayed::Applied);
    assert_eq!(answers, [Replayed::Applied, Replayed::Skipped]);
    world.after(0).await;
    assert_eq!(world.apply_all().await, counts(|c| c.duplicates = 2));
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2"]);
}

pub async fn a_replay_that_fails_keeps_the_letter<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailForGood, Act::FailForNow])).await;
    world.place(&[Placed::new("o-1", 1)]).await;
    let letter = world.the_dead_letter().await;
    let causes = vec!["cannot issue the invoice".to_owned(), "the bank is closed".to_owned()];
    assert_eq!(world.consumer.replay(letter.id).await.unwrap(), Replayed::Failed(causes.clone()));
    let letter = world.the_dead_letter().await;
    assert_eq!((letter.attempts, letter.errors), (2, causes));
    assert!(world.setup.written().await.is_empty());
}

pub async fn an_unordered_handler_does_not_hold_later_events<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    let script = Strict(Script::default().on("o-1", 1, [Act::FailForNow; 2]));
    let consumer = Consumer::new(setup.store(), script).jitter(NoJitter);
    let one = wire(r#""id":"1","subject":"o-1","eventversion":2"#, r#"{"order_id":"o-1","step":1}"#);
    let two = wire(r#""id":"2","subject":"o-1","eventversion":2"#, r#"{"order_id":"o-1","step":2}"#);
    let (_, outcome) = consumer.apply(&[&one, &two]).await.unwrap();
    assert_eq!(outcome, counts(|c| (c.retries, c.applied) = (1, 1)));
    assert_eq!(setup.written().await, ["o-1/2"]);
}

pub async fn a_panic_and_a_deadline_are_failures_like_others<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let clock = noon();
    let setup = S::fresh(clock.clone()).await;
    let script = Script::default().on("o-1", 1, [Act::Panic]).on("o-2", 1, [Act::Hang]);
    let consumer = Consumer::new(setup.store(), script).jitter(NoJitter).timeout(Duration::from_millis(20));
    let one = wire(r#""id":"1","subject":"o-1","eventversion":2"#, r#"{"order_id":"o-1","step":1}"#);
    let two = wire(r#""id":"2","subject":"o-2","eventversion":2"#, r#"{"order_id":"o-2","step":1}"#);
    let (_, outcome) = consumer.apply(&[&one, &two]).await.unwrap();
    assert_eq!(outcome, counts(|c| c.retries = 2));
    let letters = setup.store().letters("billing", Place::Retry, LetterId::new(0), 10).await.unwrap();
    let errors: Vec<_> = letters.iter().filter_map(|letter| letter.errors.first().cloned()).collect();
    assert_eq!(errors, ["the handler panicked: the handler is broken", "the handler was not done after 20ms"]);
    clock.advance(Duration::from_secs(1));
    assert_eq!(consumer.timeout(Duration::from_secs(60)).work_letters().await.unwrap(), counts(|c| c.applied = 2));
}

pub async fn a_handler_that_breaks_its_transaction_blocks_nobody<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    // In the batch and alone, where some databases take it for a transaction that gave way, which is tried again at once.
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::Sabotage; 4])).await;
    let outcome = world.place(&[Placed::new("o-1", 1), Placed::new("o-2", 1)]).await;
    assert_eq!(outcome, counts(|c| (c.retries, c.applied) = (1, 1)));
    assert_eq!(world.setup.written().await, ["o-2/1"]);
    for seconds in [1, 5, 30, 300] {
        world.after(seconds).await;
    }
    assert_eq!(world.setup.written().await, ["o-2/1", "o-1/1"]);
}

pub async fn a_newer_version_awaits_its_deploy_with_all_behind_it<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let newer = wire(r#""id":"1","subject":"o-1","eventversion":3"#, r#"{"order_id":"o-1","step":1,"lines":[]}"#);
    let later = wire(r#""id":"2","subject":"o-1","eventversion":2"#, r#"{"order_id":"o-1","step":2}"#);
    assert_eq!(world.apply(&newer).await, counts(|c| c.awaiting_deploy = 1));
    assert_eq!(world.apply(&later).await, counts(|c| c.held = 1));
    assert!(world.letters(Place::DeadLetter).await.is_empty());
    assert_eq!(world.after(3600).await, Counts::default());
    let waiting = world.letters(Place::AwaitingDeploy).await;
    assert_eq!(waiting.first().unwrap().event_version, Some(3));
}

pub async fn a_newer_version_that_says_so_is_read_by_the_older_reader<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let newer = wire(r#""id":"1","eventversion":3,"readablesince":2"#, r#"{"order_id":"o-1","step":1,"lines":[]}"#);
    assert_eq!(world.apply(&newer).await, counts(|c| c.applied = 1));
}

pub async fn unknown_types_follow_the_declaration<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let setup = S::fresh(noon()).await;
    setup.commit(&[Viewed { page: "/".to_owned() }]).await;
    let recorder = Recorder::default();
    Relay::new(setup.store(), recorder.clone()).step().await.unwrap();
    let bodies = recorder.bodies();
    let body = bodies.first().unwrap().as_slice();
    let ignoring = Consumer::new(setup.store(), Script::default());
    assert_eq!(ignoring.apply(&[body]).await.unwrap().1, counts(|c| c.ignored = 1));
    let strict = Consumer::new(setup.store(), Strict::default());
    assert_eq!(strict.apply(&[body]).await.unwrap().1, counts(|c| c.dead_letters = 1));
    let letters = strict.dead_letters(LetterId::new(0), 10).await.unwrap();
    assert_eq!(letters.first().unwrap().errors, ["no handler of `strict` takes `trial.viewed`"]);
}

pub async fn foreign_events_without_a_place_go_by_their_id<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let body = |source: &str| {
        let event = r#""specversion":"1.0","id":"no uuid","type":"trial.placed","eventversion":2,"colour":"red""#;
        format!(r#"{{{event},"source":"{source}","data":{{"order_id":"o-1","step":1}}}}"#).into_bytes()
    };
    assert_eq!(world.apply(&body("/a")).await, counts(|c| c.applied = 1));
    assert_eq!(world.apply(&body("/a")).await, counts(|c| c.duplicates = 1));
    assert_eq!(world.apply(&body("/b")).await, counts(|c| c.applied = 1));
}

pub async fn a_gap_is_not_taken_and_nothing_is_lost<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let events: Vec<_> = (1..=3).map(|step| Placed::new("o-1", step)).collect();
    world.setup.commit(&events).await;
    world.relay().await;
    let bodies = world.recorder.bodies();
    let [one, two, three] = bodies.as_slice() else { panic!("three events were sent") };
    assert_eq!(world.consumer.apply(&[one]).await.unwrap().0, 1);
    let (taken, outcome) = world.consumer.apply(&[three]).await.unwrap();
    assert_eq!((taken, outcome), (0, counts(|c| c.gaps = 1)));
    assert_eq!(world.consumer.apply(&[two, three]).await.unwrap().0, 2);
    assert_eq!(world.setup.written().await, ["o-1/1", "o-1/2", "o-1/3"]);
}

pub async fn another_event_at_the_place_of_the_mark_is_not_lost<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let place = r#""eventversion":2,"sequence":"00000000000000000007","previous":"00000000000000000000""#;
    let event = |id: &str| wire(&format!(r#""id":"{id}","subject":"o-1",{place}"#), r#"{"order_id":"o-1","step":1}"#);
    assert_eq!(world.apply(&event("a")).await, counts(|c| c.applied = 1));
    assert_eq!(world.apply(&event("b")).await, counts(|c| c.dead_letters = 1));
    assert_eq!(world.apply(&event("b")).await, counts(|c| c.duplicates = 1));
    assert!(world.the_dead_letter().await.errors.first().unwrap().contains("was the producer's database restored?"));
}
