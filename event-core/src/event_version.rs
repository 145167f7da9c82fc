//! Versions of events.

/// The highest version that an event can have: versions fit PostgreSQL's `int`.
pub(crate) const EVENT_VERSION_MAX: u32 = 2_147_483_647;
