//! What the runnable stories share.

pub mod github;
pub mod orders;
pub mod shop;
