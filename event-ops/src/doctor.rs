//! `doctor`: what is wrong with an outbox, each with the line to type that mends it.

mod checks;

use clap::Args;
use serde::Serialize;

use crate::cli::{Answer, Format, Place};
use crate::connection::{Database, unreadable};
use crate::error::CannotRun;
use crate::words::count;
use checks::Check;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Reads everything in place of what is recent: as long as that takes
    #[arg(long)]
    full: bool,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// Events are lost, late or out of order.
    Error,
    /// Somebody has to decide.
    Warn,
}

/// Something that is wrong.
#[derive(Debug, Serialize)]
struct Finding {
    id: &'static str,
    level: Level,
    message: String,
    mend: String,
}

pub(crate) async fn run(place: &Place, options: &Options, format: Format) -> Result<Answer, CannotRun> {
    let database = Database::open(place).await?;
    let checks = checks::of(&database);
    let mut findings = Vec::new();
    for check in checks {
        findings.extend(look(&database, check, options.full).await?);
    }
    let exit = u8::from(!findings.is_empty());
    match format {
        Format::Human => Ok(Answer { text: human(&findings, checks.len()), exit }),
        Format::Json => {
            let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
            let summary = serde_json::json!({
                "checks": checks.len(), "error": errors, "warn": findings.len() - errors, "exit": exit,
            });
            Answer::json(&serde_json::json!({ "findings": findings, "summary": summary }), exit)
        }
    }
}

async fn look(database: &Database, check: &Check, full: bool) -> Result<Vec<Finding>, CannotRun> {
    let rows: Vec<(String, String)> = match (database, check.wants_full) {
        (Database::Postgres(pool), true) => sqlx::query_as(check.sql).bind(full).fetch_all(pool).await,
        (Database::Postgres(pool), false) => sqlx::query_as(check.sql).fetch_all(pool).await,
        (Database::Sqlite(pool), true) => sqlx::query_as(check.sql).bind(full).fetch_all(pool).await,
        (Database::Sqlite(pool), false) => sqlx::query_as(check.sql).fetch_all(pool).await,
    }
    .map_err(|error| {
        let CannotRun { message, help } = unreadable(&error);
        CannotRun::new(format!("`{}`: {message}", check.id), help)
    })?;
    Ok(rows.into_iter().map(|(message, mend)| Finding { id: check.id, level: check.level, message, mend }).collect())
}

fn human(findings: &[Finding], checks: usize) -> String {
    let checks = i64::try_from(checks).unwrap_or(i64::MAX);
    if findings.is_empty() {
        return format!("{}: nothing is wrong\n", count(checks, "check"));
    }
    let said: String = findings
        .iter()
        .map(|finding| {
            let level = if finding.level == Level::Error { "error" } else { "warning" };
            format!("{level}[{}]: {}\n  = mend: {}\n\n", finding.id, finding.message, finding.mend)
        })
        .collect();
    format!("{said}{}\n", count(i64::try_from(findings.len()).unwrap_or(i64::MAX), "finding"))
}
