//! The oracle at work during a run: every few seconds it looks where each event is.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use super::stage::Stage;
use crate::chaos::Failure;
use crate::chaos::ground::Ground;
use crate::chaos::oracle;
use crate::chaos::places::Census;
use crate::chaos::verdict::Known;

/// How often it looks: a census reads every row.
const INTERVAL: Duration = Duration::from_secs(7);

/// What was seen to be misplaced so far.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) misplaced: BTreeMap<Known, String>,
    /// What else is wrong.
    pub(super) complaints: Vec<String>,
    pub(super) looks: usize,
    /// The most events that waited for a deploy.
    pub(super) awaiting: usize,
    next: Instant,
}

impl Watch {
    pub(super) fn begin() -> Self {
        Self {
            misplaced: BTreeMap::new(),
            complaints: Vec::new(),
            looks: 0,
            awaiting: 0,
            next: Instant::now() + INTERVAL,
        }
    }

    /// Looks if it is time, and if the database answers.
    pub(super) async fn look<G: Ground>(&mut self, stage: &Stage<G>) {
        if self.next <= Instant::now() {
            self.look_now(stage).await;
        }
    }

    /// Looks, if the database answers.
    pub(super) async fn look_now<G: Ground>(&mut self, stage: &Stage<G>) {
        if let Some(census) = oracle::glance::<G>(&stage.address).await {
            self.note(stage, &census, false);
        }
        self.next = Instant::now() + INTERVAL;
    }

    /// Looks now, while nothing moves.
    ///
    /// # Errors
    /// When the database can't be asked.
    pub(super) async fn settle<G: Ground>(&mut self, stage: &Stage<G>) -> Result<Census, Failure> {
        let census = oracle::census::<G>(&stage.address).await?;
        self.note(stage, &census, stage.broker.waiting() == 0);
        Ok(census)
    }

    fn note<G: Ground>(&mut self, stage: &Stage<G>, census: &Census, acknowledged: bool) {
        // What the broker took after the census was taken has not been passed by any mark in it.
        let sent = [stage.broker.sent(), stage.broker.junk()].concat();
        self.misplaced.extend(census.misplaced(&sent, acknowledged));
        self.complaints.extend(census.imbalance().into_iter().chain(census.unread()));
        self.awaiting = self.awaiting.max(census.letters_in("awaiting_deploy"));
        self.looks += 1;
    }
}

/// Whether every one of these events is applied or set aside.
pub(super) fn is_everywhere(committed: &[Known], census: &Census) -> bool {
    let found: HashSet<&str> = census
        .applied
        .iter()
        .map(|event| event.id.as_str())
        .chain(census.in_backlog())
        .chain(census.settled())
        .collect();
    committed.iter().all(|event| found.contains(event.id.as_str()))
}
