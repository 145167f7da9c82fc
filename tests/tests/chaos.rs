//! Short runs of the crash harness over each database, and of the naive relay, which it must catch. `cargo xtask chaos` runs
//! longer.
//!
//! The seed is printed; `EVENT_CHAOS_SEED=…` sets it.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and prints its seed")]
#![allow(clippy::disallowed_methods, reason = "the seed may come from the environment")]

use std::process::{Command, Output};

/// Runs the harness; the last line that it prints has the figures.
fn chaos(database: &str, arguments: &[&str]) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chaos"));
    command.args(["conduct", "--database", database]).args(arguments);
    if let Ok(seed) = std::env::var("EVENT_CHAOS_SEED") {
        command.args(["--seed", &seed]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    let line = said.lines().last().unwrap_or_default().to_owned();
    (output, line)
}

fn figure(line: &str, name: &str) -> u64 {
    let figures = line.split(' ').filter_map(|word| word.split_once('='));
    figures.filter(|(word, _)| *word == name).map(|(_, number)| number.parse().unwrap()).next().unwrap()
}

fn nothing_is_lost_applied_twice_inverted_or_misplaced(database: &str) {
    let (output, line) = chaos(database, &["--seconds", "20"]);
    assert!(output.status.success(), "{line}");
    assert_eq!(["lost", "twice", "inversions", "misplaced"].map(|name| figure(&line, name)), [0; 4], "{line}");
    let (committed, sent) = (figure(&line, "committed"), figure(&line, "sent"));
    // What operators discarded is not applied.
    assert!(committed > 0 && sent >= committed && figure(&line, "applied") * 10 > committed * 9, "{line}");
    assert!(figure(&line, "kills") >= 3, "{line}");
}

fn a_naive_relay_is_caught(database: &str) {
    let (output, line) = chaos(database, &["--seconds", "10", "--naive"]);
    assert_eq!(output.status.code(), Some(1), "{line}");
    assert!(figure(&line, "inversions") > 0, "{line}");
}

/// Both runs over a database, in a module of the name of the server that it needs.
macro_rules! over {
    ($($server:ident: $database:literal),* $(,)?) => {
        $(mod $server {
            #[test]
            fn nothing_is_lost_applied_twice_inverted_or_misplaced_under_kills() {
                super::nothing_is_lost_applied_twice_inverted_or_misplaced($database);
            }

            #[test]
            fn a_naive_relay_is_caught_with_inversions() {
                super::a_naive_relay_is_caught($database);
            }
        })*
    };
}

over!(postgres_15: "postgres", mariadb_10_11: "mariadb", sqlite: "sqlite");
