//! What the databases have in common: the same steps, each over the statements of its own folder.
//!
//! sqlx's types are generic over the database only with a page of bounds, so the steps are macros.

mod backlog;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod epoch;
mod gauges;
mod inbox;
mod letters;
mod marks;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod retention;
mod row;
mod sinks;
mod steps;
mod streams;
mod time;

pub(crate) use backlog::backlog;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use epoch::{Identity, epoch};
pub(crate) use gauges::gauges;
pub(crate) use inbox::inbox;
pub(crate) use letters::letters;
pub(crate) use marks::{advance, marks};
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(crate) use retention::retention;
pub(crate) use row::{Unreadable, json, rows, signed};
pub(crate) use sinks::sinks;
pub(crate) use steps::steps;
pub(crate) use streams::streams;
pub(crate) use time::Time;

/// The text of `sql/<database>/<name>.sql`.
macro_rules! statement {
    ($folder:literal, $name:ident) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $folder, "/", stringify!($name), ".sql"))
    };
}
pub(crate) use statement;

/// How many bytes of ids stay with a mark.
#[allow(clippy::cast_possible_wrap, reason = "it is a few hundred")]
pub(crate) const ROOM: i64 = event_core::RECENT as i64;
