//! Schemas that nobody wrote, and what must hold of every verdict on them.

mod draw;
mod edit;
mod events;
pub mod laws;
mod pool;
mod schemas;

pub use draw::{Bytes, Draw};
pub use edit::edited;
pub use events::event;
pub use pool::pool;
pub use schemas::{DRAFTS, Style, schema};
