//! Randomness: the one place that asks the operating system for it.

use std::fmt;

/// Spreads retries, so that what failed together doesn't come back together.
pub trait Jitter: fmt::Debug + Send + Sync {
    /// A factor in `0.0..=1.0`.
    fn factor(&self) -> f64;
}

/// Full jitter: any factor is as likely as another.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Debug, Clone, Copy, Default)]
pub struct FullJitter;

impl Jitter for FullJitter {
    fn factor(&self) -> f64 {
        f64::from(u32::from_be_bytes(random())) / f64::from(u32::MAX)
    }
}

/// Random bytes; all zero when the operating system has none, which keeps ids unique by time alone.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes,
        Err(_) => [0; N],
    }
}
