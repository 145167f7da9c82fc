//! What samples come to, with programs that are closures.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use serde_json::{Value, json};

use super::*;
use crate::files::{Schemas, Tree, Waivers};
use crate::gate::Foreign;

/// Reads a value as a version of an event, by what a test says of it: `None` is an end of the program.
struct Reads<F>(F);

impl<F: FnMut(u32, &Value) -> Option<Reading>> Upcasts for Reads<F> {
    fn upcast(&mut self, decoder: Decoder, wire: (&str, u32), values: &[Value]) -> Option<Vec<Reading>> {
        assert_eq!(wire.0, "a.b");
        values.iter().map(|value| (self.0)(decoder.number(), value)).collect()
    }
}

fn event(version: u32) -> Event {
    let schema =
        json!({ "type": "object", "properties": { "n": { "type": "integer", "format": "int64" } }, "required": ["n"] });
    Event {
        writer: schema.clone(),
        reader: schema,
        decoder: Decoder::numbered(version),
        ..Event::sample("a.b", version)
    }
}

fn folder(events: Vec<Event>, golden: &str) -> Folder {
    let tree = Tree::from([("a.b/v1.samples.json".to_owned(), golden.as_bytes().to_vec())]);
    Folder {
        path: "schemas".into(),
        shown: "schemas".to_owned(),
        own: true,
        events,
        files: Schemas::read(&tree),
        waivers: Waivers::default(),
        baseline: None,
        foreign: Foreign::default(),
        trials: Vec::new(),
    }
}

fn tried(golden: &str, reads: impl FnMut(u32, &Value) -> Option<Reading>) -> Result<Vec<Trial>, CutOff> {
    all(&[folder(vec![event(1), event(2), event(3)], golden)], &mut Reads(reads)).map(|trials| trials.concat())
}

fn n(value: &Value) -> i64 {
    value["n"].as_i64().unwrap_or(0)
}

fn panicked(text: &str) -> Reading {
    Reading::Panicked { text: text.to_owned(), at: None }
}

#[test]
fn what_is_read_is_not_spoken_of() {
    assert_eq!(tried("[]", |_, _| Some(Reading::Read)), Ok(Vec::new()));
}

#[test]
fn each_way_to_fail_is_told_once_by_the_plainest_sample_and_at_the_first_step_that_fails() {
    // The step to version 2 overflows, the step to version 3 doesn't take numbers below nought.
    let trials = tried("[]", |version, value| {
        let overflows = version >= 2 && n(value) > 1_000;
        Some(match (overflows, version == 3 && n(value) < 0) {
            (true, _) => panicked("overflow"),
            (_, true) => Reading::Refused { error: format!("{} is too little", n(value)), to_version: 3 },
            _ => Reading::Read,
        })
    });
    let trials = trials.unwrap();
    let told: Vec<(u32, &Value, &Reading, u32)> = trials
        .iter()
        .flat_map(|trial| trial.refusals.iter().map(move |one| (trial.event_version, one)))
        .map(|(version, one)| (version, &one.sample, &one.reading, one.step.to_version))
        .collect();
    let (overflow, little) =
        (panicked("overflow"), |text: &str| Reading::Refused { error: text.to_owned(), to_version: 3 });
    let (much, less) = (json!({ "n": 1_001 }), json!({ "n": -1 }));
    let refused = little("-1 is too little");
    let of_version = |version| [(version, &less, &refused, 3), (version, &much, &overflow, 2)];
    assert_eq!(told[..2], of_version(1));
    assert_eq!(told.len(), 6, "{told:?}");
}

#[test]
fn golden_payloads_are_tried_as_they_are_and_by_their_index() {
    let golden = r#"[{"n": 1}, {"n": 7, "gone": true}, "odd"]"#;
    let trials = tried(golden, |_, value| {
        Some(if value.is_object() { Reading::Read } else { Reading::Decode { error: "no".to_owned() } })
    });
    let trials = trials.unwrap();
    assert_eq!(trials.len(), 1);
    assert_eq!((trials[0].golden, trials[0].is_vouched_for()), (3, false));
    let [refusal] = trials[0].refusals.as_slice() else { unreachable!("{trials:?}") };
    assert_eq!((&refusal.sample, refusal.golden, refusal.step.to_version), (&json!("odd"), Some(2), 1));
    assert!(!trials[0].is_tolerable(refusal), "golden payloads are the user's own word");
}

#[test]
fn golden_payloads_that_are_all_read_vouch_for_their_version() {
    let refuse =
        |_, value: &Value| Some(if n(value) == 1 { Reading::Read } else { Reading::Decode { error: "no".to_owned() } });
    let trials = tried(r#"[{"n": 1}]"#, refuse).unwrap();
    let vouched: Vec<(u32, bool)> = trials.iter().map(|trial| (trial.event_version, trial.is_vouched_for())).collect();
    assert_eq!(vouched, [(1, true), (2, false), (3, false)]);
    assert!(trials[1].is_tolerable(&trials[1].refusals[0]));
}

#[test]
fn a_program_that_ends_is_told_by_the_version_that_ended_it() {
    let mut asked = 0;
    let cut_off = tried("[]", |_, _| {
        asked += 1;
        (asked < 25).then_some(Reading::Read)
    });
    assert!(matches!(&cut_off, Err(CutOff { event_type, event_version }) if event_type == "a.b" && *event_version > 1));
}

#[test]
fn a_version_whose_type_is_gone_is_read_from_its_schema() {
    let old = event(1);
    let revision = crate::files::Revision::of(&old);
    let text = |schema: &Value| schema.to_string().into_bytes();
    let tree = Tree::from([
        ("a.b/v1.writer.json".to_owned(), text(&revision.writer)),
        ("a.b/v1.reader.json".to_owned(), text(&revision.reader)),
    ]);
    let newer = Event { from_schema: vec![1], ..event(2) };
    let folder = Folder { files: Schemas::read(&tree), ..folder(vec![newer], "[]") };
    let refuse = |_, value: &Value| {
        Some(if value["n"].is_number() && n(value) > 9 {
            Reading::Decode { error: "no".to_owned() }
        } else {
            Reading::Read
        })
    };
    let trials = all(&[folder], &mut Reads(refuse)).unwrap().concat();
    let first = &trials[0];
    assert_eq!((first.event_version, first.has_type), (1, false));
    assert!(!first.is_tolerable(&first.refusals[0]), "there is no type that refuses it as well");
}
