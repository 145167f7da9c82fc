//! How the consumer is doing, looked at from time to time: levels for metrics, and the health report.

use super::super::hooks::Happening;
use super::super::store::{Inbox, StoreError};
use super::super::telemetry::{census, consumer_health};
use super::{Consumer, ContextOf};
use crate::backlog::Place;
use crate::clock::Timestamp;
use crate::handler::Handlers;
use crate::health::{Census, Level, Report, examine};

/// What was seen the last time, and when to look again.
#[derive(Debug, Default)]
pub(super) struct Watch {
    next: Option<Timestamp>,
    level: Level,
    dead_letters: Option<usize>,
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// How this consumer is doing: a verdict, and for each reason what to type. One statement; see [`Consumer::thresholds`].
    ///
    /// # Errors
    /// When the store can't be reached.
    ///
    /// # Cancel safety
    /// Nothing is written.
    pub async fn health(&self) -> Result<Report, StoreError> {
        let census = self.store.census(self.name).await?;
        Ok(examine(self.name, &census, &self.thresholds, self.store.now()))
    }

    /// Looks if it is time; sets the levels, and tells what is another than the last time.
    pub(super) async fn look(&self, watch: &mut Watch) -> Result<(), StoreError> {
        let now = self.store.now();
        if watch.next.is_some_and(|next| next > now) {
            return Ok(());
        }
        let counted = self.store.census(self.name).await?;
        watch.next = Some(now + self.watch);
        census(self.name, &counted, now);
        let report = examine(self.name, &counted, &self.thresholds, now);
        consumer_health(self.name, report.level);
        self.announce(watch.news(&counted, report));
        Ok(())
    }
}

impl Watch {
    fn news(&mut self, census: &Census, report: Report) -> Vec<Happening> {
        let mut news = Vec::new();
        let now = census.letters(Place::DeadLetter);
        if let Some(before) = self.dead_letters.replace(now).filter(|before| now > *before) {
            news.push(Happening::DeadLettersGrew { before, now });
        }
        let before = std::mem::replace(&mut self.level, report.level);
        if before != report.level {
            news.push(Happening::Health { before, report });
        }
        news
    }
}
