//! schema-check

pub mod compare;
pub mod contain;
mod diff;
pub mod discover;
mod error;
mod explain;
pub mod finding;
mod rule;
pub mod rules;

pub use error::CannotRun;
pub use explain::explain;
pub use finding::{Direction, Finding, Level, Place, Role, Side, Subject};
pub use rule::Rule;
pub use rules::rules;
