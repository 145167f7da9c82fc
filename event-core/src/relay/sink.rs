//! Sinks: destinations that are registered, each with a filter and with cursors of its own.

use std::fmt;

use super::filter::Filter;
use crate::clock::Timestamp;

/// The name of a destination: a relay keeps one cursor per sink and slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sink(String);

impl Sink {
    /// The sink of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Sink {
    fn default() -> Self {
        Self::new("default")
    }
}

impl fmt::Display for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a sink that is new begins in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Start {
    /// With the oldest event that the outbox still has.
    #[default]
    Earliest,
    /// With what is committed after it was registered.
    Latest,
}

/// How a sink is registered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Registration {
    /// Which events it takes.
    pub filter: Filter,
    /// Where it begins, if it is new.
    pub start: Start,
}

impl Registration {
    /// A registration for what `filter` takes, from `start` on.
    #[must_use]
    pub fn new(filter: Filter, start: Start) -> Self {
        Self { filter, start }
    }
}

/// A registered sink, as a store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SinkState {
    /// The sink.
    pub sink: Sink,
    /// Which events it takes.
    pub filter: Filter,
    /// When it was registered.
    pub registered_at: Timestamp,
}

impl SinkState {
    /// The sink with its filter, registered at this time.
    #[must_use]
    pub fn new(sink: Sink, filter: Filter, registered_at: Timestamp) -> Self {
        Self { sink, filter, registered_at }
    }
}
