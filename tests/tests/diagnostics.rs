//! Every trait that a user can forget says in our words what to add.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

use std::path::{Path, PathBuf};

/// Traits that a user implements to bring a part of their own, or calls: nobody meets them as a missing bound.
const BROUGHT: [&str; 22] = [
    "Audit",
    "Backlog",
    "Clock",
    "Delivery",
    "Epochs",
    "Gaps",
    "Gauges",
    "Inbox",
    "InboxTransaction",
    "Jitter",
    "Letters",
    "Marks",
    "Origin",
    "Outbox",
    "Restart",
    "Savepoint",
    "Sinks",
    "Streams",
    "Subscription",
    "Transport",
    "Enqueue",
    "EnqueueWith",
];

/// Traits that are met or missed behind another one, which has the message.
const BEHIND: [&str; 2] = ["Handled", "Writes"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it is readable")) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The public traits of a crate which have no message, and how many have one.
fn silent(of: &str) -> (Vec<String>, usize) {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("src"), &mut files);
    let (mut silent, mut told) = (Vec::new(), 0);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the file is readable");
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(rest) = line.strip_prefix("pub trait ") else { continue };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            let above = lines.iter().take(at).rev().take_while(|line| !line.is_empty() && **line != "}");
            match above.into_iter().any(|line| line.contains("diagnostic::on_unimplemented")) {
                true => told += 1,
                false => silent.push(name),
            }
        }
    }
    (silent, told)
}

#[test]
fn every_trait_that_can_be_forgotten_says_what_to_add() {
    let (mut all, mut told) = (Vec::new(), 0);
    for of in ["event-core", "adapters/event-sqlx"] {
        let (silent, count) = silent(of);
        all.extend(silent);
        told += count;
    }
    all.retain(|name| !BROUGHT.contains(&name.as_str()) && !BEHIND.contains(&name.as_str()));
    assert!(told >= 8, "only {told} traits were found that say something");
    assert!(all.is_empty(), "no `#[diagnostic::on_unimplemented]` on {all:?}");
}
