//! Notes on a real project: they change no status, no verdict and no exit code.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use project::{DERIVES, Project};
use serde_json::{Value, json};

fn order(fields: &str) -> String {
    format!(
        "fn two() -> u8 {{ 2 }}\nfn three() -> u8 {{ 3 }}\n{DERIVES}#[event(type = \"order.placed\", version = 1, key = order_id)]\npub struct OrderPlaced {{\n    pub order_id: String,\n{fields}}}\n"
    )
}

fn notes(row: &Value) -> Vec<(&str, &str)> {
    let findings = row["findings"].as_array().unwrap().iter();
    findings.map(|finding| (finding["rule"].as_str().unwrap(), finding["level"].as_str().unwrap())).collect()
}

#[test]
fn what_breaks_nobody_is_told_and_fails_nothing() {
    let tries = "    #[serde(default = \"two\")]\n    pub tries: u8,\n";
    let project = Project::library("notes", &order(&format!("    /// In cents.\n    pub total: u32,\n{tries}")));
    project.run(&["accept"]).expect(0);

    let undocumented = format!("    pub total: u32,\n{tries}");
    project.source(&order(&undocumented));
    let row = project.run(&["--format", "json"]).expect(0).row("order.placed", 1);
    assert_eq!(notes(&row), [("description_lost", "note")], "{row:#}");
    let words = (&row["status"], &row["backward"], &row["forward"]);
    assert_eq!(words, (&json!("unchanged"), &json!("compatible"), &json!("compatible")));
    let human = project.run(&[]).expect(0).stdout;
    assert!(
        human.starts_with("note[description_lost]: the description of `total` in `order.placed` v1 is gone\n"),
        "{human}"
    );

    project.source(&order(&undocumented.replace("two", "three")));
    let row = project.run(&["--format", "json"]).expect(3).row("order.placed", 1);
    assert!(notes(&row).contains(&("default_changed", "note")), "{row:#}");
    assert_eq!((&row["status"], &row["backward"]), (&json!("additive"), &json!("compatible")));

    project.source(&order("    pub total: u32,\n"));
    let row = project.run(&["--format", "json"]).expect(3).row("order.placed", 1);
    assert!(notes(&row).contains(&("validators_break", "note")), "{row:#}");
    assert_eq!((&row["status"], &row["forward"]), (&json!("additive"), &json!("compatible")));
    project.run(&["accept"]).expect(0);
    let row = project.run(&["--format", "json"]).expect(0).row("order.placed", 1);
    assert_eq!(notes(&row), [], "what was accepted is told no more");
}
