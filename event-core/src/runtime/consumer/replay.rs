//! Many letters, replayed by the service.

use std::fmt;
use std::time::Duration;

use tokio::time::sleep_until;

use super::super::store::{Inbox, Letters, StoreError};
use super::{Consumer, ContextOf, Replayed};
use crate::backlog::{LetterId, error_chain};
use crate::handler::Handlers;
use crate::selection::Selection;

/// How many letters are read at a time.
const PAGE: u32 = 100;

/// Is told how far a replay has come.
type Progress<'p> = Box<dyn FnMut(&ReplayReport) + Send + 'p>;

/// How many letters are replayed, and how fast.
#[derive(Default)]
#[must_use]
pub struct ReplayOptions<'p> {
    count: Option<u64>,
    rate: Option<u32>,
    dry_run: bool,
    progress: Option<Progress<'p>>,
}

impl<'p> ReplayOptions<'p> {
    /// All of a selection, as fast as they can be applied.
    pub fn new() -> Self {
        Self::default()
    }

    /// At most this many, the oldest first.
    pub fn count(mut self, letters: u64) -> Self {
        self.count = Some(letters);
        self
    }

    /// At most this many a second, at least one.
    pub fn rate(mut self, per_second: u32) -> Self {
        self.rate = Some(per_second.max(1));
        self
    }

    /// Replays nothing, and tells how many there are.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// Is told how far it has come, after each letter.
    pub fn progress(mut self, tell: impl FnMut(&ReplayReport) + Send + 'p) -> Self {
        self.progress = Some(Box::new(tell));
        self
    }
}

impl fmt::Debug for ReplayOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("ReplayOptions");
        f.field("count", &self.count).field("rate", &self.rate).field("dry_run", &self.dry_run).finish_non_exhaustive()
    }
}

/// What became of the letters of a replay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReplayReport {
    /// How many were asked for.
    pub selected: u64,
    /// Applied, and gone.
    pub replayed: u64,
    /// Gone before it was their turn, or held behind an earlier event of their key.
    pub skipped: u64,
    /// Failed again, each with its error and the causes.
    pub failed: Vec<(LetterId, Vec<String>)>,
}

impl<S, H> Consumer<S, H>
where
    S: Inbox + Letters,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Applies the letters of a selection now, those of this consumer, in the order in which they came; then what was held
    /// behind them. Run from two places at once, or again after it was killed, each event is applied once.
    ///
    /// # Errors
    /// When the store can't be reached. What was applied by then stays so.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the letter at hand as it was; those before it are done.
    pub async fn replay_all(
        &self,
        selection: Selection,
        mut options: ReplayOptions<'_>,
    ) -> Result<ReplayReport, StoreError> {
        let selection = selection.consumer(self.name);
        let mut report = ReplayReport { selected: self.store.count(&selection).await?, ..ReplayReport::default() };
        report.selected = options.count.map_or(report.selected, |count| report.selected.min(count));
        if options.dry_run {
            return Ok(report);
        }
        let mut turn = tokio::time::Instant::now();
        let (mut left, mut after) = (report.selected, LetterId::new(0));
        while left > 0 {
            let page = self.store.find(&selection, after, PAGE.min(u32::try_from(left).unwrap_or(PAGE))).await?;
            let Some(last) = page.last() else { break };
            (after, left) = (last.id, left.saturating_sub(page.len() as u64));
            for letter in page {
                sleep_until(turn).await;
                turn = options.rate.map_or(turn, |rate| turn + Duration::from_secs(1) / rate);
                let replayed = self.replay(letter.id).await;
                report.add(letter.id, replayed);
                if let Some(tell) = &mut options.progress {
                    tell(&report);
                }
            }
        }
        if report.replayed > 0 {
            self.work_letters().await?;
        }
        Ok(report)
    }
}

impl ReplayReport {
    /// A letter whose transaction failed stays as it was; if the store is gone the next page tells.
    fn add(&mut self, id: LetterId, replayed: Result<Replayed, StoreError>) {
        match replayed {
            Ok(Replayed::Applied) => self.replayed += 1,
            Ok(Replayed::Skipped) => self.skipped += 1,
            Ok(Replayed::Failed(errors)) => self.failed.push((id, errors)),
            Err(error) => self.failed.push((id, error_chain(&error))),
        }
    }
}
