//! schema-check

pub mod baseline;
mod bump;
pub mod cli;
pub mod compare;
pub mod contain;
mod diff;
pub mod discover;
mod error;
mod explain;
pub mod files;
pub mod finding;
pub mod foreign;
pub mod gate;
mod hazards;
pub mod learn;
pub mod report;
mod rule;
pub mod rules;
mod sample;
mod suggest;
pub mod trial;

pub use error::CannotRun;
pub use explain::{explain, notes};
pub use finding::{Direction, Finding, Level, Place, Role, Side, Subject};
pub use rule::Rule;
pub use rules::rules;
