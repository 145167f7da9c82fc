//! What a consumer makes of messages that it can't read, or that no store could keep.

use event_core::Place;

use super::world::{World, counts, wire};
use crate::events::Placed;
use crate::script::{Act, Script};
use crate::setup::{ContextOf, Effects, Setup};

pub async fn what_is_no_event_is_one_dead_letter<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    assert_eq!(world.apply(b"\xff not json").await, counts(|c| c.dead_letters = 1));
    assert_eq!(world.apply(b"\xff not json").await, counts(|c| c.duplicates = 1));
    let letter = world.the_dead_letter().await;
    assert_eq!(letter.body, b"\xff not json");
    assert_eq!(letter.errors.first().map(String::as_str), Some("not a CloudEvent in JSON"));
    assert_eq!(letter.event_id, None);
    let old = br#"{"specversion":"0.3","id":"1","source":"/s","type":"trial.placed"}"#;
    assert_eq!(world.apply(old).await, counts(|c| c.dead_letters = 1));
}

pub async fn a_nul_in_an_attribute_is_one_dead_letter_and_the_others_are_applied<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let data = r#"{"order_id":"o-1","step":1}"#;
    let attributes = |source: &str, id: &str, subject: &str| {
        let event = r#""specversion":"1.0","type":"trial.placed","eventversion":2"#;
        format!(r#"{{{event},"source":"{source}","id":"{id}","subject":"{subject}","data":{data}}}"#).into_bytes()
    };
    let bodies = [
        attributes("/shop", r"1\u0000", "o-1"),
        attributes(r"/shop\u0000", "2", "o-1"),
        attributes("/shop", "3", r"o-1\u0000"),
        attributes("/shop", "4", "o-1"),
    ];
    let bodies: Vec<_> = bodies.iter().map(Vec::as_slice).collect();
    for (expected, times) in [(counts(|c| (c.dead_letters, c.applied) = (3, 1)), 1), (counts(|c| c.duplicates = 4), 2)]
    {
        assert_eq!(world.consumer.apply(&bodies).await.unwrap(), (4, expected), "time {times}");
    }
    let letters = world.letters(Place::DeadLetter).await;
    let reasons: Vec<_> = letters.iter().map(|letter| letter.errors.first().unwrap().as_str()).collect();
    assert_eq!(
        reasons,
        [
            r"the attribute `id` must be text without U+0000, found `1\0`",
            r"the attribute `source` must be text without U+0000, found `/shop\0`",
            r"the attribute `subject` must be text without U+0000, found `o-1\0`",
        ]
    );
}

pub async fn an_error_whose_text_has_a_nul_is_a_dead_letter_at_once<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default().on("o-1", 1, [Act::FailWithNul])).await;
    assert_eq!(world.place(&[Placed::new("o-1", 1)]).await, counts(|c| c.dead_letters = 1));
    let letter = world.the_dead_letter().await;
    assert_eq!((letter.attempts, letter.errors.last().unwrap().as_str()), (1, "the name is `a\u{FFFD}b`"));
}

pub async fn an_event_with_control_characters_is_applied_and_may_cause_others<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let body = wire(r#""id":"a\nb","subject":"\u007f","eventversion":2"#, r#"{"order_id":"o-1","step":1}"#);
    assert_eq!(world.apply(&body).await, counts(|c| c.applied = 1));
    world.relay().await;
    let sent = world.recorder.sent();
    let caused = sent.iter().find(|event| event.event_type == "trial.invoiced").unwrap();
    assert_eq!(caused.causation_id.as_ref().unwrap().as_str(), "a\nb");
}

pub async fn data_that_does_not_fit_is_a_dead_letter_with_the_cause<S: Setup>()
where
    for<'c> ContextOf<'c, S::Store>: Effects,
{
    let world = World::<S>::new(Script::default()).await;
    let body = wire(r#""id":"1","eventversion":2"#, r#"{"order_id":"o-1","step":"two"}"#);
    assert_eq!(world.apply(&body).await, counts(|c| c.dead_letters = 1));
    let letter = world.the_dead_letter().await;
    assert_eq!(letter.errors.first().unwrap(), "cannot decode the data of `trial.placed` version 2");
    assert!(letter.errors.get(1).unwrap().contains("invalid type: string \"two\", expected u32"));
    assert_eq!(letter.body, body);
}
