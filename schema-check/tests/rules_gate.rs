//! What the gate's own rules say.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "rules_support/case.rs"]
mod case;

use case::{SUBJECT, text};
use schema_check::contain::{Options, Pair, Verdict};
use schema_check::discover::{Hazard, Place, Reading};
use schema_check::rules::{
    aggregate_changed, cannot_read_itself, duplicate_event, event_removed, foreign_not_read, foreign_not_vendored,
    foreign_version_unread, key_changed, name_reused, readable_since_false, sample_refused, schema_looser_than_decoder,
    undecided, unreadable_file, unsafe_attribute, upcast_missing, version_skipped, versions_swapped, waiver_expired,
    waiver_unused,
};
use schema_check::trial::{Refusal, Step};
use schema_check::{Direction, Subject, explain, rules};
use serde_json::{Value, json};

fn object(coupon: Option<&Value>) -> Value {
    let properties: serde_json::Map<String, Value> =
        coupon.into_iter().map(|schema| ("coupon".to_owned(), schema.clone())).collect();
    json!({"type": "object", "properties": properties})
}

fn hazard(part: Option<&str>, what: &str, help: &str) -> Hazard {
    let place = Place { file: "src/parts.rs".to_owned(), line: 7 };
    let (part, what, help) = (part.map(str::to_owned), what.to_owned(), help.to_owned());
    Hazard { item: "Part".to_owned(), part, place, what, help, about: String::new(), names: Vec::new() }
}

fn breaking() -> Verdict {
    Verdict::Breaking { counterexample: Value::Null }
}

fn refusal(golden: Option<usize>, to_version: u32, reading: Reading) -> Refusal {
    let place = Place { file: "src/orders.rs".to_owned(), line: 14 };
    let step = Step { event_type: SUBJECT.event_type.to_owned(), to_version, place };
    Refusal { sample: json!({}), golden, number: None, reading, step }
}

/// The type goes by another name since.
fn renamed(refusal: Refusal) -> Refusal {
    Refusal { step: Step { event_type: "order.accepted".to_owned(), ..refusal.step }, ..refusal }
}

fn panicked() -> Reading {
    Reading::Panicked { text: "called `Option::unwrap()` on a `None` value".to_owned(), at: None }
}

fn decode() -> Reading {
    Reading::Decode { error: "missing field `total`".to_owned() }
}

fn refused() -> Reading {
    Reading::Refused { error: "unknown currency `EUX`".to_owned(), to_version: 3 }
}

#[test]
fn the_gates_own_findings_read_as_they_were_reviewed() {
    let skipped = Subject { event_version: 5, ..SUBJECT };
    let findings = [
        aggregate_changed::finding(&SUBJECT, "order", "shop"),
        cannot_read_itself::finding(&SUBJECT, "/properties/total", "total"),
        cannot_read_itself::finding(&SUBJECT, "", ""),
        duplicate_event::finding(&SUBJECT, "src/orders.rs:14", "src/main.rs:3"),
        event_removed::finding(&SUBJECT, None),
        event_removed::finding(&Subject { event_version: 1, ..SUBJECT }, Some(3)),
        foreign_not_read::recast(undecided::finding(Direction::Backward, "").field("total.currency"), &SUBJECT),
        foreign_not_vendored::finding(&SUBJECT),
        foreign_version_unread::finding(&SUBJECT, 5),
        key_changed::finding(&SUBJECT, Some("order_id"), Some("customer_id")),
        key_changed::finding(&SUBJECT, None, Some("order_id")),
        name_reused::retired(&SUBJECT),
        name_reused::retired_and_live(&SUBJECT),
        name_reused::retired_type(&SUBJECT),
        readable_since_false::finding(&SUBJECT, 1, 2, None),
        readable_since_false::finding(&Subject { event_version: 4, ..SUBJECT }, 2, 3, Some("`total` is gone")),
        readable_since_false::undecided(&SUBJECT, 1, 2, "two regular expressions"),
        sample_refused::finding(&SUBJECT, &refusal(None, 3, panicked())),
        sample_refused::finding(&SUBJECT, &refusal(None, 2, panicked())),
        sample_refused::finding(&SUBJECT, &refusal(None, 3, decode())),
        sample_refused::finding(&SUBJECT, &refusal(Some(0), 2, decode())),
        sample_refused::finding(&SUBJECT, &refusal(Some(3), 3, refused())),
        sample_refused::finding(&SUBJECT, &refusal(Some(3), 3, panicked())),
        sample_refused::finding(&SUBJECT, &renamed(refusal(Some(3), 1, refused()))),
        schema_looser_than_decoder::finding(&SUBJECT, "", "unknown currency `EUX`"),
        schema_looser_than_decoder::of_sample(&SUBJECT, &refusal(None, 2, decode())),
        schema_looser_than_decoder::of_sample(&SUBJECT, &refusal(None, 3, refused())),
        undecided::finding(Direction::Forward, "two regular expressions"),
        unsafe_attribute::finding(&SUBJECT, &hazard(None, "is `untagged`", "tag it")),
        unsafe_attribute::finding(&SUBJECT, &hazard(Some("tags"), "is left out", "add `default` beside it")),
        upcast_missing::finding(&Subject { event_version: 1, ..SUBJECT }, 3),
        upcast_missing::without_schema(&SUBJECT, 1, "schemas/order.placed/v1.writer.json"),
        version_skipped::finding(&Subject { event_version: 3, ..SUBJECT }, Some(1)),
        version_skipped::finding(&skipped, Some(2)),
        version_skipped::finding(&SUBJECT, None),
        unreadable_file::finding("cannot read `schemas/order.placed/v2.writer.json`: it is not JSON".to_owned()),
        versions_swapped::finding(&SUBJECT, 1),
        waiver_expired::finding(&SUBJECT, "field_removed", "2026-01-31", true),
        waiver_expired::finding(&SUBJECT, "field_removed", "2026-01-31", false),
        waiver_unused::finding(&SUBJECT, "field_removed", "3c79fe0c646ef0e1"),
        waiver_unused::of_no_use(&SUBJECT, "event_removed"),
    ];
    insta::assert_snapshot!("gate", text("all", &findings));
    assert!(findings.iter().all(|finding| rules::rule(finding.rule).is_some_and(|it| it.level == finding.level)));
}

#[test]
fn a_compatible_direction_has_no_finding_and_an_unknown_one_has_its_reason() {
    let schema = object(None);
    let pair = Pair::both(&schema);
    let about = |verdict| explain(&SUBJECT, &pair, &pair, Direction::Backward, &verdict, &Options::default());
    assert!(about(Verdict::Compatible).is_empty());
    let unknown = about(Verdict::Unknown { reason: "two regular expressions".to_owned() });
    let options = Options::default();
    let alone = Verdict::Unknown { reason: String::new() };
    let alone = explain(&Subject::ANONYMOUS, &pair, &pair, Direction::Backward, &alone, &options);
    assert_eq!(alone.first().unwrap().help.as_deref(), Some("simplify the schema there"));
    assert_eq!(
        unknown.iter().map(|it| (it.rule, it.message.as_str())).collect::<Vec<_>>(),
        [("undecided", "two regular expressions")]
    );
    let unexplained = about(breaking());
    assert_eq!(unexplained.iter().map(|it| it.rule).collect::<Vec<_>>(), ["not_contained"]);
}

#[test]
fn the_name_of_a_removed_field_is_reused_and_not_changed() {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    let (first, second, third) = (object(Some(&text)), object(None), object(Some(&number)));
    let findings = explain(
        &SUBJECT,
        &Pair::both(&first),
        &Pair::both(&third),
        Direction::Backward,
        &breaking(),
        &Options::default(),
    );
    let kept = name_reused::recast(findings.clone(), &SUBJECT, &Pair::both(&first));
    assert_eq!(kept, findings, "the field is in the latest revision");
    let reused = name_reused::recast(findings, &SUBJECT, &Pair::both(&second));
    insta::assert_snapshot!("name_reused", text_of(&reused));
}

#[test]
fn an_anonymous_schema_is_spoken_of_without_a_name() {
    let (old, new) = (json!({"type": "object"}), json!({"type": "object", "properties": {"a": {}}, "required": ["a"]}));
    let (old, new) = (Pair::both(&old), Pair::both(&new));
    let findings = explain(&Subject::ANONYMOUS, &old, &new, Direction::Backward, &breaking(), &Options::default());
    insta::assert_snapshot!("anonymous", text_of(&findings));
}

fn text_of(findings: &[schema_check::Finding]) -> String {
    text("all", findings)
}
