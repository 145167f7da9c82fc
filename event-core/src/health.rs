//! How a consumer is doing, judged by what it has taken and not applied.

mod census;
mod report;
mod thresholds;

pub use census::Census;
pub use report::{Level, Reason, Report, examine};
pub use thresholds::{Limit, Thresholds};
