//! Two sides in turn, and the median of their ratios.

use std::fmt;
use std::time::{Duration, Instant};

use crate::Result;

/// Ratios of two sides, one for each round, sorted.
#[derive(Debug, Clone)]
pub struct Ratios(Vec<f64>);

impl Ratios {
    /// Runs both sides `rounds` times in turn, the one that begins changing each time. A ratio above 1 says that `ours`
    /// was the faster one.
    pub async fn of(
        rounds: usize,
        mut ours: impl AsyncFnMut() -> Result<Duration>,
        mut rival: impl AsyncFnMut() -> Result<Duration>,
    ) -> Result<Self> {
        // The first of each prepares statements and fills caches.
        ours().await?;
        rival().await?;
        let mut ratios = Vec::with_capacity(rounds);
        for round in 0..rounds {
            let (ours, rival) = if round % 2 == 0 {
                let ours = ours().await?;
                (ours, rival().await?)
            } else {
                let rival = rival().await?;
                (ours().await?, rival)
            };
            ratios.push(rival.as_secs_f64() / ours.as_secs_f64());
        }
        Ok(Self::new(ratios))
    }

    /// As [`of`](Self::of) for short work: the sides take turns after each piece, so that what else the machine does falls on
    /// both. The ratio of a round is that of their medians.
    pub async fn in_turn(
        (rounds, pieces): (usize, u32),
        mut ours: impl AsyncFnMut(u32) -> Result<()>,
        mut rival: impl AsyncFnMut(u32) -> Result<()>,
    ) -> Result<Self> {
        let mut ratios = Vec::with_capacity(rounds);
        // The round before the first prepares statements and fills caches.
        for round in 0..=rounds {
            let (mut our_times, mut rival_times) = (Vec::new(), Vec::new());
            for piece in 0..pieces {
                // Not every other one: a row that fills a page of the database would be the same side's each time.
                if piece.count_ones() % 2 == 0 {
                    our_times.push(timed(ours(piece)).await?.as_secs_f64());
                    rival_times.push(timed(rival(piece)).await?.as_secs_f64());
                } else {
                    rival_times.push(timed(rival(piece)).await?.as_secs_f64());
                    our_times.push(timed(ours(piece)).await?.as_secs_f64());
                }
            }
            if round > 0 {
                ratios.push(Self::new(rival_times).median() / Self::new(our_times).median());
            }
        }
        Ok(Self::new(ratios))
    }

    /// Ratios that were measured in another way.
    pub fn new(mut ratios: Vec<f64>) -> Self {
        ratios.sort_by(f64::total_cmp);
        Self(ratios)
    }

    /// Half of the rounds were above.
    pub fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }
}

/// The middle half of the rounds.
impl fmt::Display for Ratios {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (quantile(&self.0, 0.25), quantile(&self.0, 0.75));
        write!(f, "{low:.2} – {high:.2} ({} rounds)", self.0.len())
    }
}

/// The value below which `part` of the sorted values lie.
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

/// How long some work takes.
pub async fn timed(work: impl Future<Output = Result<()>>) -> Result<Duration> {
    let start = Instant::now();
    work.await?;
    Ok(start.elapsed())
}
