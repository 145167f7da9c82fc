//! schema-check

pub mod compare;
pub mod contain;
pub mod discover;
mod error;

pub use error::CannotRun;
