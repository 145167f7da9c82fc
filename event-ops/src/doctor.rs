//! `doctor`: what is wrong with an outbox, each with the line to type that mends it.

mod checks;
mod look;

use clap::Args;
use serde::Serialize;

use crate::cli::{Answer, Format, Place};
use crate::connection::Database;
use crate::error::CannotRun;
use crate::words::count;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Reads everything in place of what is recent: as long as that takes
    #[arg(long)]
    full: bool,

    /// On MySQL and MariaDB: finds transactions of sessions that have done nothing for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(i64).range(0..))]
    idle: i64,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// Events are lost, late or out of order.
    Error,
    /// Somebody has to decide.
    Warn,
    /// Nothing is wrong yet. It changes no exit code.
    Note,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warning",
            Self::Note => "note",
        }
    }
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
        findings.extend(look::at(&database, check, options).await?);
    }
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings, notes) = (of(Level::Error), of(Level::Warn), of(Level::Note));
    let exit = u8::from(errors + warnings > 0);
    match format {
        Format::Human => Ok(Answer { text: human(&findings, checks.len(), errors + warnings), exit }),
        Format::Json => {
            let summary = serde_json::json!({
                "checks": checks.len(), "error": errors, "warn": warnings, "note": notes, "exit": exit,
            });
            Answer::json(&serde_json::json!({ "findings": findings, "summary": summary }), exit)
        }
    }
}

fn human(findings: &[Finding], checks: usize, wrong: usize) -> String {
    let many = |number, one| count(i64::try_from(number).unwrap_or(i64::MAX), one);
    let said = |finding: &Finding| {
        let Finding { id, level, message, mend } = finding;
        format!("{}[{id}]: {message}\n  = mend: {mend}\n\n", level.word())
    };
    let said: String = findings.iter().map(said).collect();
    if wrong == 0 {
        return format!("{said}{}: nothing is wrong\n", many(checks, "check"));
    }
    format!("{said}{}\n", many(wrong, "finding"))
}
