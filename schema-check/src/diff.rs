//! What the one side writes and the other can't read, place by place.
//!
//! A walk over both schemas that names obstacles; it proves nothing. The prover judges, the rules explain.

mod alternatives;
mod arrays;
mod change;
mod describe;
mod facts;
pub(crate) mod lookup;
mod objects;
mod pointer;
mod renames;
mod scalars;
mod shape;
mod tagging;
mod unions;
mod view;
mod walk;

pub(crate) use change::{Change, Spot, Tagging, What};
pub(crate) use pointer::join;
pub(crate) use walk::Reading;

use crate::finding::Direction;
use serde_json::Value;

/// The obstacles between what is written and what is read.
#[derive(Debug)]
pub(crate) struct Diff {
    pub(crate) changes: Vec<Change>,
    /// Every pair of places that was compared, outer ones first.
    pub(crate) scopes: Vec<Spot>,
}

/// Looks for everything that `written` allows and `read` refuses.
pub(crate) fn diff(written: &Value, read: &Value, direction: Direction, reading: Reading) -> Diff {
    let original = read;
    let noted = if reading.closed { facts::noted(read) } else { read.clone() };
    let read = &noted;
    let mut walk = walk::Walk::new(direction, reading);
    let (was, is) = (view::View::of(written, String::new(), written), view::View::of(read, String::new(), read));
    walk.compare(&was, &is, String::new(), 0);
    let changes = walk.changes.into_iter().map(|change| change.standing_in(written, original)).collect();
    Diff { changes, scopes: walk.scopes }
}
