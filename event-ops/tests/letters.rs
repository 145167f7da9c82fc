//! `event-ops letters`, over every database, with a consumer that runs in another process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use std::process::{Command, Stdio};
use std::time::Duration;

use event_core::runtime::{Inbox, Letters};
use event_core::{LetterId, Selection};
use setup::shop::{Billing, earlier, message, run, take};
use setup::{Said, ops_on};

/// What cannot be charged for now, for good, and not even be read; with what is held behind the first.
async fn plant<S: Inbox + Letters + Clone>(store: &S) -> Billing {
    let billing = Billing::default();
    let messages = [
        message("o-1", 1, -5),
        message("o-1", 2, 700),
        message("o-1", 3, 800),
        message("o-2", 1, 0),
        b"no event at all".to_vec(),
    ];
    take(store.clone(), &billing, &messages).await;
    billing
}

/// Times differ from run to run.
fn plain(said: &Said) -> String {
    let text = format!("{}{}", said.out, said.err);
    let lines = text.lines().map(|line| match line.trim_start().starts_with("came") {
        true => format!("  came    <time>, {}", line.rsplit_once(", ").unwrap().1),
        false => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}

async fn letters_are_listed_and_shown<S: Inbox + Letters + Clone>(store: S, url: &str) {
    assert_eq!(ops_on(url, &["letters", "list"]).out, "no dead letters\n");
    plant(&store).await;
    let list = ops_on(url, &["letters", "list"]);
    assert!(list.out.lines().all(|line| line.chars().count() <= 100));
    insta::assert_snapshot!("the_list", plain(&list));
    insta::assert_snapshot!(
        "the_list_of_a_key",
        plain(&ops_on(url, &["letters", "list", "--place", "any", "--key", "o-1", "--count", "2"]))
    );
    insta::assert_snapshot!("a_letter", plain(&ops_on(url, &["letters", "show", "1"])));
    insta::assert_snapshot!("a_letter_that_is_no_event", plain(&ops_on(url, &["letters", "show", "5"])));
    insta::assert_snapshot!("a_held_letter", plain(&ops_on(url, &["letters", "show", "2"])));
    let json = ops_on(url, &["letters", "list", "--format", "json"]).json();
    assert_eq!((&json["total"], &json["letters"][0]["held"]), (&3.into(), &2.into()));
    assert_eq!(json["letters"][0]["errors"][1], "-5 cents are no price");
    let json = ops_on(url, &["letters", "show", "1", "--format", "json"]).json();
    assert_eq!((&json["envelope"]["data"]["cents"], &json["class"]), (&(-5).into(), &"permanent".into()));
    let text = ops_on(url, &["letters", "show", "5", "--format", "json"]).json();
    assert_eq!(text["envelope"], "no event at all");
}

async fn letters_are_found_by_what_they_have_in_common<S: Inbox + Letters + Clone>(store: S, url: &str) {
    plant(&store).await;
    let found = |options: &[&str]| {
        let said = ops_on(url, &[&["letters", "list", "--format", "json"], options].concat()).json();
        said["letters"].as_array().unwrap().iter().map(|letter| letter["letter"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), [1, 4, 5]);
    assert_eq!(found(&["--consumer", "billing", "--type", "order.placed"]), [1, 4]);
    assert_eq!(found(&["--consumer", "shipping"]), [0; 0]);
    assert_eq!(found(&["--class", "malformed"]), [5]);
    assert_eq!(found(&["--error", "no price"]), [1]);
    assert_eq!(found(&["--key", "o-1", "--place", "held"]), [2, 3]);
    assert_eq!(found(&["--older-than", "1h"]), [1, 4, 5]);
    assert_eq!(found(&["--newer-than", "1h"]), [0; 0]);
    assert_eq!(found(&["--count", "1"]), [1]);
}

async fn a_replay_is_applied_by_the_running_consumer<S: Inbox + Letters + Clone>(store: S, url: &str) {
    let billing = plant(&store).await;
    let running = run(store.clone(), &billing);
    let dry = ops_on(url, &["letters", "replay", "--consumer", "billing", "--dry-run"]);
    assert_eq!((dry.exit, dry.out.as_str()), (0, "3 dead letters of `billing` would be replayed\n"));
    billing.is_mended.store(true, std::sync::atomic::Ordering::Relaxed);
    let said = ops_on(url, &["letters", "replay", "--reason", "the price is mended", "--by", "ada", "--rate", "100/s"]);
    assert_eq!(said.exit, 1);
    insta::assert_snapshot!("a_replay", plain(&said));
    // What was held flows by itself.
    while store.count(&Selection::all()).await.unwrap() > 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(billing.charged(), [("o-1.1", 1), ("o-1.2", 1), ("o-1.3", 1)].map(|(id, times)| (id.to_owned(), times)));
    let again = ops_on(url, &["letters", "replay", "1", "4", "--format", "json"]);
    let json = again.json();
    assert_eq!((again.exit, &json["replayed"], &json["skipped"]), (1, &0.into(), &1.into()));
    assert_eq!(json["failed"][0]["errors"][0], "there is nothing to charge");
    assert_eq!(ops_on(url, &["letters", "replay", "1"]).out, "replayed 0, skipped 1, failed 0\n");
    running.end().await;
}

async fn a_replay_without_a_consumer_is_made_once_one_runs<S: Inbox + Letters + Clone>(store: S, url: &str) {
    let billing = plant(&store).await;
    billing.is_mended.store(true, std::sync::atomic::Ordering::Relaxed);
    let said = ops_on(url, &["letters", "replay", "--key", "order.placed/o-1", "--key", "o-1", "--wait", "0s"]);
    assert_eq!(said.exit, 2, "{}", said.out);
    let said = ops_on(url, &["letters", "replay", "--key", "o-1", "--wait", "0s"]);
    assert_eq!(said.exit, 1, "{}", said.err);
    insta::assert_snapshot!("a_replay_without_a_consumer", plain(&said));
    let second = ops_on(url, &["letters", "replay", "1", "--wait", "0s"]);
    assert_eq!((second.exit, second.out.as_str()), (0, "replayed 0, skipped 1, failed 0\n"), "it was asked for");
    let shown = ops_on(url, &["letters", "show", "1"]).out;
    assert!(shown.contains("somebody has asked for a replay"), "{shown}");
    let running = run(store.clone(), &billing);
    while store.count(&Selection::all().key("o-1")).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(billing.charged().len(), 3);
    running.end().await;
}

async fn an_operator_who_is_killed_loses_and_repeats_nothing<S: Inbox + Letters + Clone>(store: S, url: &str) {
    let billing = Billing::default();
    let messages: Vec<_> = (0..40).map(|order| message(&format!("o-{order}"), 1, -1)).collect();
    take(store.clone(), &billing, &messages).await;
    billing.is_mended.store(true, std::sync::atomic::Ordering::Relaxed);
    let running = run(store.clone(), &billing);
    let mut command = Command::new(env!("CARGO_BIN_EXE_event-ops"));
    command.args(["--database-url", url, "letters", "replay", "--rate", "50/s"]).stdout(Stdio::null());
    let mut first = command.spawn().unwrap();
    while billing.charged().len() < 5 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.kill().unwrap();
    first.wait().unwrap();
    // Two at once finish what it has begun.
    let second = ["--database-url", url, "letters", "replay", "--format", "json"];
    let mut second = Command::new(env!("CARGO_BIN_EXE_event-ops")).args(second).stdout(Stdio::piped()).spawn().unwrap();
    let third = ops_on(url, &["letters", "replay", "--format", "json"]);
    assert_eq!(third.exit, 0, "{}{}", third.out, third.err);
    assert!(second.wait().unwrap().success());
    while store.count(&Selection::all()).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let charged = billing.charged();
    assert_eq!(charged.len(), 40);
    assert!(charged.iter().all(|(_, times)| *times == 1), "{charged:?}");
    running.end().await;
}

async fn a_discard_needs_a_reason_and_frees_what_was_held<S: Inbox + Letters + Clone>(store: S, url: &str) {
    let billing = plant(&store).await;
    let said = ops_on(url, &["letters", "discard", "1"]);
    assert_eq!(said.exit, 2);
    assert!(said.err.contains("--reason <WHY>"), "{}", said.err);
    insta::assert_snapshot!(
        "a_discard_without_a_reason",
        plain(&ops_on(url, &["letters", "discard", "1", "--reason", " "]))
    );
    insta::assert_snapshot!("a_discard_of_nothing", plain(&ops_on(url, &["letters", "discard", "--reason", "old"])));
    insta::assert_snapshot!(
        "a_discard_by_two_names",
        plain(&ops_on(url, &["letters", "discard", "1", "--type", "x", "--reason", "old"]))
    );
    insta::assert_snapshot!("no_letter", plain(&ops_on(url, &["letters", "show", "4711"])));
    let dry = ops_on(url, &["letters", "discard", "--type", "order.placed", "--reason", "tests", "--dry-run"]);
    assert_eq!((dry.exit, dry.out.as_str()), (0, "2 dead letters would be discarded\n"));
    let said = ops_on(url, &["letters", "discard", "--type", "order.placed", "--reason", "tests", "--by", "ada"]);
    assert_eq!((said.exit, said.out.as_str()), (0, "discarded 2, skipped 0\n"), "{}", said.err);
    let running = run(store.clone(), &billing);
    while store.count(&Selection::all()).await.unwrap() > 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(billing.charged().len(), 2, "o-1 flows again");
    let ended = store.ended(&[1, 4].map(LetterId::new)).await.unwrap();
    assert_eq!(ended.len(), 2);
    running.end().await;
}

on_every_database!(
    letters_are_listed_and_shown,
    letters_are_found_by_what_they_have_in_common,
    a_replay_is_applied_by_the_running_consumer,
    a_replay_without_a_consumer_is_made_once_one_runs,
    an_operator_who_is_killed_loses_and_repeats_nothing,
    a_discard_needs_a_reason_and_frees_what_was_held,
);
