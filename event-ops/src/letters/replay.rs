//! `letters replay`: the running consumer tries dead letters once more, for it has the handlers.
//!
//! A letter that was handed out is tried whatever becomes of this process, and by a second operator it is passed over.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use event_core::runtime::{Inbox, Letters, Operator, Outcome};
use event_core::{Asked, EventId, LetterId, SystemClock};
use indicatif::ProgressBar;
use tokio::time::{Instant, sleep, sleep_until};

use super::options::{Decision, Which};
use super::{Wanted, failed, progress, why};
use crate::cli::{Answer, Format};
use crate::confirm;
use crate::error::CannotRun;
use crate::words::{Length, count};

/// How often the outcomes are looked at.
const LOOK: Duration = Duration::from_millis(200);

/// How many letters are named at most.
const NAMED: usize = 20;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The numbers of letters; without them the dead letters of the selection, all if it is empty
    #[arg(value_name = "ID")]
    ids: Vec<i64>,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    pub(super) decision: Decision,

    /// Hands out at most so many a second: `50/s`
    #[arg(long, value_name = "N/s", value_parser = rate)]
    rate: Option<u32>,

    /// Why, for the audit
    #[arg(long, value_name = "WHY", default_value = "replayed by `event-ops letters replay`")]
    reason: String,

    /// For how long to wait for the consumer while nothing moves
    #[arg(long, value_name = "TIME", default_value = "60s")]
    wait: Length,
}

fn rate(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix("/s").unwrap_or(text).parse::<u32>().ok();
    number.filter(|number| *number > 0).ok_or_else(|| "write a number of letters a second, `50/s`".to_owned())
}

/// What became of the letters.
#[derive(Debug, Default)]
struct Done {
    replayed: u64,
    skipped: u64,
    failed: Vec<(LetterId, String, Vec<String>)>,
    /// Handed out, and not tried yet, with the consumer that should.
    waiting: BTreeMap<LetterId, String>,
}

pub(super) async fn run<S: Inbox + Letters>(
    operator: &Operator<S>,
    options: &Options,
    format: Format,
) -> Result<Answer, CannotRun> {
    let wanted = options.which.or(&options.ids)?;
    let total = wanted.count(operator, options.decision.count).await?;
    if options.decision.dry_run {
        return dry(&wanted, total, format);
    }
    if total > 0 && !confirm::is_meant(&format!("replay {}?", wanted.said(total)), options.decision.yes) {
        return Err(CannotRun::new("nothing was replayed", "answer `y`, or give `--yes`"));
    }
    let asked = operator.asks(EventId::generate(&SystemClock).as_str(), options.reason.as_str());
    let bar = progress::bar(total);
    let mut run = Run { operator, asked: &asked, done: Done::default(), bar: &bar, moved_at: Instant::now() };
    run.hand_out(&wanted, total, options.rate).await?;
    run.await_outcomes(options.wait.0).await?;
    bar.finish_and_clear();
    let done = run.done;
    answer(&done, &asked, total, options.wait.0, format)
}

fn dry(wanted: &Wanted<'_>, total: u64, format: Format) -> Result<Answer, CannotRun> {
    match format {
        Format::Json => Answer::json(&serde_json::json!({ "dry_run": true, "selected": total }), 0),
        Format::Human => Ok(Answer::fine(format!("{} would be replayed\n", wanted.said(total)))),
    }
}

/// A replay on its way.
struct Run<'r, S> {
    operator: &'r Operator<S>,
    asked: &'r Asked,
    done: Done,
    bar: &'r ProgressBar,
    moved_at: Instant,
}

impl<S: Inbox + Letters> Run<'_, S> {
    async fn hand_out(&mut self, wanted: &Wanted<'_>, total: u64, rate: Option<u32>) -> Result<(), CannotRun> {
        let (mut left, mut after) = (total, LetterId::new(0));
        let (mut turn, mut look) = (Instant::now(), Instant::now() + LOOK);
        while left > 0 {
            let page = wanted.page(self.operator, after, left).await?;
            let Some(last) = page.last() else { break };
            (after, left) = (last.id, left.saturating_sub(page.len() as u64));
            for letter in page {
                sleep_until(turn).await;
                turn = rate.map_or(turn, |rate| turn + Duration::from_secs(1) / rate);
                if self.operator.hand_out(letter.id, self.asked).await.map_err(|error| failed(&error))? {
                    self.done.waiting.insert(letter.id, letter.consumer);
                } else {
                    self.skip(1);
                }
                if look <= Instant::now() {
                    self.look().await?;
                    look = Instant::now() + LOOK;
                }
            }
        }
        // Those that were named and aren't there.
        self.skip(if matches!(wanted, Wanted::Named(_)) { left } else { 0 });
        self.moved_at = Instant::now();
        Ok(())
    }

    fn skip(&mut self, letters: u64) {
        self.done.skipped += letters;
        self.bar.inc(letters);
    }

    async fn await_outcomes(&mut self, wait: Duration) -> Result<(), CannotRun> {
        loop {
            self.look().await?;
            if self.done.waiting.is_empty() || self.moved_at.elapsed() >= wait {
                return Ok(());
            }
            sleep(LOOK).await;
        }
    }

    async fn look(&mut self) -> Result<(), CannotRun> {
        let ids: Vec<_> = self.done.waiting.keys().copied().collect();
        for ids in ids.chunks(1000) {
            for (id, outcome) in self.operator.outcomes(ids, self.asked).await.map_err(|error| failed(&error))? {
                self.note(id, outcome);
            }
        }
        self.bar.set_message(format!("{} failed", self.done.failed.len()));
        Ok(())
    }

    fn note(&mut self, id: LetterId, outcome: Outcome) {
        if outcome == Outcome::Waiting {
            return;
        }
        let consumer = self.done.waiting.remove(&id).unwrap_or_default();
        self.moved_at = Instant::now();
        self.bar.inc(1);
        match outcome {
            Outcome::Replayed => self.done.replayed += 1,
            Outcome::Failed(errors) => self.done.failed.push((id, consumer, errors)),
            _ => self.done.skipped += 1,
        }
    }
}

fn answer(done: &Done, asked: &Asked, total: u64, wait: Duration, format: Format) -> Result<Answer, CannotRun> {
    let exit = u8::from(!done.failed.is_empty() || !done.waiting.is_empty());
    if format == Format::Human {
        return Ok(Answer { text: human(done, wait), exit });
    }
    let failed = done.failed.iter().map(
        |(id, consumer, errors)| serde_json::json!({ "letter": id.number(), "consumer": consumer, "errors": errors }),
    );
    let waiting =
        done.waiting.iter().map(|(id, consumer)| serde_json::json!({ "letter": id.number(), "consumer": consumer }));
    let document = serde_json::json!({
        "replay": asked.id,
        "selected": total,
        "replayed": done.replayed,
        "skipped": done.skipped,
        "failed": failed.collect::<Vec<_>>(),
        "waiting": waiting.collect::<Vec<_>>(),
        "summary": { "exit": exit },
    });
    Answer::json(&document, exit)
}

fn human(done: &Done, wait: Duration) -> String {
    let failed = done.failed.len();
    let mut text = format!("replayed {}, skipped {}, failed {failed}", done.replayed, done.skipped);
    if !done.waiting.is_empty() {
        text.push_str(&format!(", waiting {}", done.waiting.len()));
    }
    text.push('\n');
    for (id, consumer, errors) in done.failed.iter().take(NAMED) {
        text.push_str(&crate::words::clipped(&format!("  {id} of `{consumer}`: {}", why(errors)), 100));
        text.push('\n');
    }
    if failed > NAMED {
        text.push_str(&format!("  … and {} more\n", failed - NAMED));
    }
    if let Some((id, ..)) = done.failed.first() {
        text.push_str(&format!(
            "  = help: `event-ops letters show {}` tells why; mend it, and replay again\n",
            id.number()
        ));
    }
    if !done.waiting.is_empty() {
        text.push_str(&waiting(done, wait));
    }
    text
}

fn waiting(done: &Done, wait: Duration) -> String {
    let mut consumers: Vec<_> = done.waiting.values().map(|consumer| format!("`{consumer}`")).collect();
    consumers.sort();
    consumers.dedup();
    let letters = count(i64::try_from(done.waiting.len()).unwrap_or(i64::MAX), "letter");
    let (has, is) = if done.waiting.len() == 1 { ("has", "it is tried") } else { ("have", "they are tried") };
    format!(
        "{letters} of {} {has} not been tried within {} s: does the consumer run?\n  = help: start the service; {is} as soon as \
         it runs, by this replay\n",
        consumers.join(", "),
        wait.as_secs()
    )
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn a_rate_is_letters_a_second() {
        assert_eq!((rate("50/s"), rate("7")), (Ok(50), Ok(7)));
        assert!(rate("0/s").is_err() && rate("fast").is_err() && rate("-1").is_err());
    }
}
