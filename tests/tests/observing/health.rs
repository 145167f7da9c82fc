//! The health report: how bad it is, why, and what to type.

use std::time::Duration;

use event_core::{Census, Class, Level, Place, Thresholds, Timestamp, examine};

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn ago(seconds: u64) -> Option<Timestamp> {
    Some(now() - Duration::from_secs(seconds))
}

fn judge(census: &Census) -> event_core::Report {
    examine("billing", census, &Thresholds::default(), now())
}

#[test]
fn nothing_to_tell_is_ok() {
    let report = judge(&Census::default());
    assert_eq!((report.level, report.to_string().as_str()), (Level::Ok, "ok"));
    let mut busy = Census::default();
    busy.add(Place::Retry, Some(Class::Transient), 12, ago(30));
    busy.first_retry_due = Some(now() + Duration::from_secs(5));
    busy.add(Place::Held, None, 999, ago(30));
    busy.add(Place::AwaitingDeploy, None, 4, ago(3_599));
    (busy.gaps, busy.oldest_gap) = (1, ago(59));
    assert_eq!(judge(&busy).level, Level::Ok, "{}", judge(&busy));
}

#[test]
fn each_reason_says_what_is_wrong_and_what_to_type_the_worst_first() {
    let mut census = Census::default();
    census.add(Place::DeadLetter, Some(Class::Permanent), 3, ago(90));
    census.add(Place::AwaitingDeploy, None, 2, ago(2 * 86_400));
    census.add(Place::Held, None, 1_000, ago(90));
    census.held_keys = 1;
    census.add(Place::Retry, Some(Class::Transient), 40, ago(700));
    (census.retries_due, census.first_retry_due) = (40, ago(605));
    (census.gaps, census.oldest_gap) = (2, ago(61));
    let report = judge(&census);
    assert_eq!(report.level, Level::Critical);
    insta::assert_snapshot!(report);
}

#[test]
fn a_single_dead_letter_that_nobody_looks_at_becomes_critical() {
    let after = |seconds: u64| {
        let mut census = Census::default();
        census.add(Place::DeadLetter, Some(Class::Schema), 1, ago(seconds));
        judge(&census).level
    };
    assert_eq!([after(0), after(86_399), after(86_400)], [Level::Warn, Level::Warn, Level::Critical]);
}

#[test]
fn many_dead_letters_are_critical_at_once() {
    let mut census = Census::default();
    census.add(Place::DeadLetter, Some(Class::Permanent), 100, ago(0));
    assert_eq!(judge(&census).level, Level::Critical);
}
