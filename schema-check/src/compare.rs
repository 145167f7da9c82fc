//! `compare`: any two schemas, or a stream of pairs, without a Rust project.

mod jsonl;

use serde_json::Value;

use crate::contain::{self, Pair};
pub use crate::contain::{Comparison, Options};

pub use jsonl::jsonl;

/// Compares two sides; a side is a schema, or an object with exactly the keys `writer` and `reader`.
#[must_use]
pub fn two(old: &Value, new: &Value, options: &Options) -> Comparison {
    contain::compare(Pair::of_side(old), Pair::of_side(new), options)
}
