//! What the runnable stories share.

pub mod github;
