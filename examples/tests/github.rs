//! Every committed delivery of GitHub's becomes an event, and what doesn't fit is refused with its place.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use event_examples::github::{Delivery, DeliveryError, decode};
use event_examples::shop;
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/github")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The committed deliveries by kind.
fn deliveries() -> BTreeMap<String, Vec<PathBuf>> {
    let kinds = entries(&folder()).into_iter().filter(|path| path.is_dir());
    kinds.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), entries(&path))).collect()
}

fn one(kind: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(&deliveries()[kind][0]).unwrap()).unwrap()
}

fn misfit(kind: &str, body: &Value) -> (String, String) {
    match decode(kind, &body.to_string()).unwrap_err() {
        error @ DeliveryError::Misfit { .. } => (error.to_string(), error.source().unwrap().to_string()),
        other => panic!("{other}"),
    }
}

#[test]
fn every_kind_has_deliveries_and_every_delivery_becomes_an_event() {
    let deliveries = deliveries();
    assert_eq!(deliveries.keys().map(String::as_str).collect::<Vec<_>>(), Delivery::KINDS);
    assert!(deliveries.values().all(|files| files.len() >= 3));
    let mut refused = Vec::new();
    for (kind, files) in &deliveries {
        for file in files {
            if let Err(error) = decode(kind, &fs::read_to_string(file).unwrap()) {
                refused.push(format!("{}: {error}: {}", file.display(), error.source().unwrap()));
            }
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
    assert_eq!(deliveries.values().map(Vec::len).sum::<usize>(), 125);
}

/// `schema-check` proves that what is declared of a kind reads all that its schema allows.
#[test]
fn every_kind_is_guarded_by_a_schema_of_githubs() {
    for kind in Delivery::KINDS {
        let schema = format!("schemas/foreign/com.github.{kind}/v1.writer.json");
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&schema).is_file(), "{schema}");
    }
}

#[tokio::test]
async fn an_event_has_its_type_and_key_and_reads_what_it_wrote() {
    let home = tempfile::tempdir().unwrap();
    let pool = shop::open(&home.path().join("outbox.db")).await.unwrap();
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    for (kind, files) in deliveries() {
        for file in files {
            let body = fs::read_to_string(&file).unwrap();
            let delivery = decode(&kind, &body).unwrap();
            let id = delivery.enqueue(&mut tx).await.unwrap();
            let (event_type, key, payload) = stored(&mut tx, id.as_str()).await;
            assert_eq!(event_type, format!("github.{kind}"));
            assert_eq!(key, expected_key(&kind, &body), "{}", file.display());
            assert_eq!(decode(&kind, &payload).unwrap(), delivery, "{}", file.display());
        }
    }
}

async fn stored(tx: &mut event_sqlx::Transaction<'_, sqlx::Sqlite>, id: &str) -> (String, String, String) {
    let select = "SELECT type, aggregateid, payload FROM event_outbox WHERE id = ?1";
    sqlx::query_as(select).bind(id).fetch_one(tx.connection()).await.unwrap()
}

/// The id of the repository; of the webhook itself for a ping, which may have no repository.
fn expected_key(kind: &str, body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    let id = if kind == "ping" { &body["hook_id"] } else { &body["repository"]["id"] };
    id.to_string()
}

#[test]
fn a_field_of_another_type_is_named() {
    let mut body = one("pull_request");
    body["pull_request"]["user"]["id"] = json!("octocat");
    let (message, cause) = misfit("pull_request", &body);
    assert_eq!(message, "a delivery of the kind `pull_request` doesn't fit at `pull_request.user.id`");
    assert!(cause.starts_with("invalid type: string \"octocat\", expected i64"), "{cause}");
}

#[test]
fn what_github_may_send_and_our_events_cannot_mean_is_refused_with_its_place() {
    let mut push = one("push");
    push["repository"]["owner"]["id"] = json!(-1);
    let (message, cause) = misfit("push", &push);
    assert_eq!(message, "a delivery of the kind `push` doesn't fit at `repository.owner.id`");
    assert_eq!(cause, "-1 is negative");
    let mut ping = one("ping");
    ping.as_object_mut().unwrap().remove("sender");
    let (message, cause) = misfit("ping", &ping);
    assert_eq!(message, "a delivery of the kind `ping` doesn't fit at `sender`");
    assert_eq!(cause, "it is null or absent, and our events need it");
}

#[test]
fn a_missing_field_is_named_with_its_object() {
    let mut body = one("push");
    body["repository"].as_object_mut().unwrap().remove("full_name");
    let (message, cause) = misfit("push", &body);
    assert_eq!(message, "a delivery of the kind `push` doesn't fit at `repository`");
    assert!(cause.starts_with("missing field `full_name`"), "{cause}");
}

#[test]
fn a_word_outside_of_a_closed_list_is_refused_and_one_of_an_open_list_is_kept() {
    let mut star = one("star");
    star["action"] = json!("polished");
    assert_eq!(misfit("star", &star).0, "a delivery of the kind `star` doesn't fit at `action`");

    let mut issue = one("issues");
    issue["action"] = json!("polished");
    let Delivery::IssueChanged(event) = decode("issues", &issue.to_string()).unwrap() else { panic!("not an issue") };
    assert_eq!(event.action.as_str(), "polished");
}

#[test]
fn what_is_no_json_or_goes_on_after_its_end_is_refused() {
    let cut = decode("ping", "{").unwrap_err();
    assert_eq!(cut.to_string(), "a delivery of the kind `ping` doesn't fit at `.`");
    let cut_within = decode("ping", r#"{"zen": "Speak like a human.", "hook": {"id": 1, "#).unwrap_err();
    assert_eq!(cut_within.to_string(), "a delivery of the kind `ping` doesn't fit at `hook`");
    assert!(cut.source().unwrap().to_string().starts_with("EOF while parsing"), "{cut:?}");
    let twice = format!("{0}{0}", one("ping"));
    let error = decode("ping", &twice).unwrap_err();
    assert!(error.source().unwrap().to_string().starts_with("trailing characters"), "{error:?}");
}

#[test]
fn a_kind_that_is_not_ours_is_refused_by_name() {
    let error = decode("sponsorship", "{}").unwrap_err();
    assert_eq!(error.to_string(), "no event is made of deliveries of the kind `sponsorship`");
}
