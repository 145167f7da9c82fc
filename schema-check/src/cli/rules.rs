//! `rules` and `explain`: what the tool looks for, without a project.

use serde_json::{Value, json};

use super::{Answer, Outcome};
use crate::error::CannotRun;
use crate::files::render;
use crate::report::Format;
use crate::rule::Rule;
use crate::rules;
use crate::suggest::did_you_mean;

/// Every rule: id, level and one line.
pub(super) fn list(format: Format) -> Answer {
    let text = match format {
        Format::Json => render(&Value::Array(rules::rules().iter().map(as_json).collect())),
        _ => as_table(rules::rules()),
    };
    Answer { text, ..Answer::default() }
}

/// The page of one rule.
pub(super) fn explain(id: &str, format: Format) -> Outcome {
    let id = id.trim().trim_matches(['[', ']', '`']);
    let rule = rules::rule(id).ok_or_else(|| unknown(id))?;
    let text = match format {
        Format::Json => render(&as_json(rule)),
        _ => format!("{}\nlevel: {}\n", rule.page(), rule.level.word()),
    };
    Ok(Answer { text, ..Answer::default() })
}

fn as_json(rule: &Rule) -> Value {
    json!({ "id": rule.id, "level": rule.level.word(), "summary": rule.summary(), "docs": rule.page() })
}

fn as_table(rules: &[Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let line = |rule: &Rule| format!("{:width$}  {:4}  {}\n", rule.id, rule.level.word(), rule.summary());
    rules.iter().map(line).collect::<String>() + "next: `schema-check explain RULE` prints a rule's page\n"
}

fn unknown(id: &str) -> CannotRun {
    let known = rules::rules().iter().map(|rule| rule.id);
    CannotRun::new(
        format!("no rule is called `{id}`{}", did_you_mean(id, known)),
        "`schema-check rules` lists them all",
    )
}
