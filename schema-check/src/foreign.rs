//! Somebody else's events: the schemas of their producers, vendored under `schemas/foreign/`.

mod cut;
mod find;
mod origin;
mod place;
mod plan;
mod promise;
mod sources;
mod vendored;

pub(crate) use find::{Asked, is_event_type};
pub(crate) use origin::Origin;
pub(crate) use place::place;
pub(crate) use plan::{Plan, What, plan};
pub(crate) use promise::promised;
pub(crate) use sources::{FILE as SOURCES, Source, Sources};
pub use vendored::{Revision, Vendored};

/// The folder below `schemas/`.
pub(crate) const FOLDER: &str = "foreign";
