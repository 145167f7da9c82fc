//! Events that never arrived, had from elsewhere.

use tracing::{info, warn};

use super::super::hooks::Happening;
use super::super::store::{Inbox, StoreError};
use super::batch::{Claim, read};
use super::{Consumer, ContextOf, Counts};
use crate::backlog::error_chain;
use crate::handler::Handlers;
use crate::inbox::Gap;

/// How many events are refetched at a time.
const PAGE: u32 = 200;

/// What became of gaps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closing {
    /// Something that was missing was applied.
    pub(super) found: bool,
    /// Wherever missing events can be had from has answered, or there is no such place.
    pub(super) answered: bool,
}

impl<S, H> Consumer<S, H>
where
    S: Inbox,
    H: for<'c> Handlers<ContextOf<'c, S>> + 'static,
{
    /// Applies what is missing in the gaps, as far as it can be had.
    pub(super) async fn close(&self, gaps: &[Gap], counts: &mut Counts) -> Result<Closing, StoreError> {
        let (mut closed, mut all) = (Vec::new(), Closing { found: false, answered: true });
        for gap in gaps {
            if !closed.contains(&&gap.stream) {
                closed.push(&gap.stream);
                let one = self.close_one(gap, counts).await?;
                all = Closing { found: all.found || one.found, answered: all.answered && one.answered };
            }
        }
        Ok(all)
    }

    async fn close_one(&self, gap: &Gap, counts: &mut Counts) -> Result<Closing, StoreError> {
        let Some(refetch) = &self.refetch else { return Ok(Closing { found: false, answered: true }) };
        let (source, slot) = (&gap.stream.source, gap.stream.slot.number());
        let (mut after, mut found, mut answered) = (gap.after, 0, true);
        loop {
            let bodies = match refetch.refetch(&gap.stream, after, gap.previous, PAGE).await {
                Ok(bodies) => bodies,
                Err(error) => {
                    warn!(consumer = self.name, %source, slot, cause = ?error_chain(&error), "missing events can't be had now");
                    answered = false;
                    break;
                }
            };
            let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
            let readings = read(&bodies);
            let last = readings.iter().rev().find_map(|reading| reading.as_ref().ok()?.sequence);
            let applied = self.apply_halving(&bodies, readings, &Claim::default(), false).await?;
            found += applied.taken.iter().filter(|taken| **taken).count();
            let all_taken = applied.taken.iter().all(|taken| *taken);
            *counts += applied.counts;
            match last.filter(|last| all_taken && *last > after) {
                Some(last) => after = last,
                None => break,
            }
            if after >= gap.previous {
                break;
            }
        }
        if found > 0 {
            info!(consumer = self.name, %source, slot, found, "missing events were fetched again");
            self.announce([Happening::GapClosed { stream: gap.stream.clone(), events: found }]);
        }
        Ok(Closing { found: found > 0, answered })
    }
}
