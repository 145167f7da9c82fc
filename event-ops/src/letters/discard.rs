//! `letters discard`: takes dead letters out for good; what was held behind them flows again.

use clap::Args;
use event_core::LetterId;
use event_core::runtime::{Inbox, Letters, Operator};

use super::options::{Decision, Which};
use super::{failed, progress};
use crate::cli::{Answer, Format};
use crate::confirm;
use crate::error::CannotRun;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The numbers of letters; without them the dead letters of the selection
    #[arg(value_name = "ID")]
    ids: Vec<i64>,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    pub(super) decision: Decision,

    /// Why, for the audit
    #[arg(long, value_name = "WHY")]
    reason: String,
}

pub(super) async fn run<S: Inbox + Letters>(
    operator: &Operator<S>,
    options: &Options,
    format: Format,
) -> Result<Answer, CannotRun> {
    if options.reason.trim().is_empty() {
        return Err(CannotRun::new("a discard needs a reason", "say why by `--reason WHY`; it is kept in the audit"));
    }
    if options.ids.is_empty() && options.which.is_empty() {
        return Err(CannotRun::new(
            "which letters to discard is not said",
            "give their numbers, or what they have in common: `--consumer NAME`, `--type TYPE`, `--error TEXT`",
        ));
    }
    let wanted = options.which.or(&options.ids)?;
    let total = wanted.count(operator, options.decision.count).await?;
    if options.decision.dry_run {
        return answer(&format!("{} would be discarded\n", wanted.said(total)), 0, total, format);
    }
    if total > 0 && !confirm::is_meant(&format!("discard {} for good?", wanted.said(total)), options.decision.yes) {
        return Err(CannotRun::new("nothing was discarded", "answer `y`, or give `--yes`"));
    }
    let (mut left, mut after, mut discarded) = (total, LetterId::new(0), 0);
    let bar = progress::bar(total);
    while left > 0 {
        let page = wanted.page(operator, after, left).await?;
        let Some(last) = page.last() else { break };
        (after, left) = (last.id, left.saturating_sub(page.len() as u64));
        for letter in page {
            let gone = operator.discard(letter.id, &options.reason).await.map_err(|error| failed(&error))?;
            discarded += u64::from(gone);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let skipped = total - discarded;
    answer(&format!("discarded {discarded}, skipped {skipped}\n"), discarded, total, format)
}

fn answer(text: &str, discarded: u64, total: u64, format: Format) -> Result<Answer, CannotRun> {
    match format {
        Format::Human => Ok(Answer::fine(text)),
        Format::Json => Answer::json(
            &serde_json::json!({ "selected": total, "discarded": discarded, "skipped": total - discarded }),
            0,
        ),
    }
}
