//! Which handler takes an event: by wire type and version.

use std::collections::HashMap;

use crate::envelope::Envelope;
use crate::handler::{Handlers, Route, Unknown};
use crate::twin::{Reach, Twin, TwinVersion};
use crate::upcast::Shape;

/// The handlers of one consumer, ready for look-up.
#[derive(Debug)]
pub struct Registry {
    routes: Vec<Route>,
    unknown: Unknown,
    by_type: HashMap<&'static str, Versions>,
}

/// The versions of one wire type that are read, and by which route.
#[derive(Debug, Default)]
struct Versions {
    routes: HashMap<u32, usize>,
    newest: u32,
}

/// Where an event goes within a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// To a handler, decoded as `version`.
    Route {
        /// The index of the handler.
        route: usize,
        /// The version as which the data is decoded: an older one than the event's, where the writer allows it.
        version: u32,
    },
    /// It waits for a build that knows its version.
    AwaitingDeploy,
    /// To nobody, by declaration.
    Ignored,
    /// The consumer declared that it handles all it gets, and it has no handler for this type.
    UnknownType,
    /// The version is older than any that this consumer reads.
    UnknownVersion,
}

impl Registry {
    /// The registry of the handlers `H` over the context `Cx`.
    #[must_use]
    pub fn of<H: Handlers<Cx>, Cx>() -> Self {
        Self::new(H::routes(), H::UNKNOWN)
    }

    /// The registry of `routes`. Where two routes read one shape the first one takes it.
    #[must_use]
    pub fn new(routes: Vec<Route>, unknown: Unknown) -> Self {
        let mut by_type: HashMap<&'static str, Versions> = HashMap::new();
        for (index, route) in routes.iter().enumerate() {
            for Shape { event_type, event_version } in &route.shapes {
                let versions = by_type.entry(event_type).or_default();
                versions.routes.entry(*event_version).or_insert(index);
                versions.newest = versions.newest.max(*event_version);
            }
        }
        Self { routes, unknown, by_type }
    }

    /// Where `envelope` goes.
    #[must_use]
    pub fn destination(&self, envelope: &Envelope) -> Destination {
        let Some(versions) = self.by_type.get(envelope.event_type.as_str()) else {
            return match self.unknown {
                Unknown::Ignore => Destination::Ignored,
                Unknown::DeadLetter => Destination::UnknownType,
            };
        };
        versions.destination(envelope)
    }

    /// Whether `envelope` is the one among its twins that this consumer applies; without twins it is.
    #[must_use]
    pub fn is_taken(&self, envelope: &Envelope, twin: &Twin) -> bool {
        let Some(versions) = self.by_type.get(envelope.event_type.as_str()) else { return true };
        twin.taken(|version| versions.reach(version)).is_none_or(|taken| taken == envelope.event_version)
    }

    /// The handler at `index`.
    #[must_use]
    pub fn route(&self, index: usize) -> Option<&Route> {
        self.routes.get(index)
    }

    /// What the consumer reads, in no order.
    pub fn shapes(&self) -> impl Iterator<Item = Shape> {
        self.routes.iter().flat_map(|route| route.shapes.iter().copied())
    }
}

impl Versions {
    fn reach(&self, version: &TwinVersion) -> Reach {
        if self.routes.contains_key(&version.event_version) {
            return Reach::Readable;
        }
        match version.event_version > self.newest {
            true if version.readable_since <= self.newest => Reach::Readable,
            true => Reach::Newer,
            false => Reach::Older,
        }
    }

    fn destination(&self, envelope: &Envelope) -> Destination {
        let version = envelope.event_version;
        if let Some(&route) = self.routes.get(&version) {
            return Destination::Route { route, version };
        }
        let Some(&route) = self.routes.get(&self.newest) else { return Destination::UnknownVersion };
        if version < self.newest {
            return Destination::UnknownVersion;
        }
        let by_twin = || envelope.twin.as_ref()?.readable_since(version);
        match envelope.readable_since.or_else(by_twin) {
            Some(oldest) if oldest <= self.newest => Destination::Route { route, version: self.newest },
            _ => Destination::AwaitingDeploy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handler::HandlerOptions;

    fn registry(unknown: Unknown) -> Registry {
        let shape = |event_type, event_version| Shape { event_type, event_version };
        let route = |handler, shapes| Route { handler, shapes, options: HandlerOptions::default() };
        let shapes = vec![shape("order.created", 3), shape("order.placed", 2)];
        Registry::new(vec![route("place", shapes), route("pay", vec![shape("order.paid", 1)])], unknown)
    }

    fn envelope(event_type: &str, version: u32, readable_since: Option<u32>) -> Envelope {
        let mut envelope = Envelope::new("1".into(), "/s".into(), event_type);
        envelope.event_version = version;
        envelope.readable_since = readable_since;
        envelope
    }

    #[test]
    fn every_published_shape_finds_its_handler() {
        let registry = registry(Unknown::Ignore);
        let destination = |t, v| registry.destination(&envelope(t, v, None));
        assert_eq!(destination("order.created", 3), Destination::Route { route: 0, version: 3 });
        assert_eq!(destination("order.placed", 2), Destination::Route { route: 0, version: 2 });
        assert_eq!(destination("order.paid", 1), Destination::Route { route: 1, version: 1 });
    }

    #[test]
    fn a_newer_version_waits_unless_its_writer_says_that_we_can_read_it() {
        let registry = registry(Unknown::Ignore);
        let newer = |readable_since| registry.destination(&envelope("order.paid", 4, readable_since));
        assert_eq!(newer(None), Destination::AwaitingDeploy);
        assert_eq!(newer(Some(2)), Destination::AwaitingDeploy);
        assert_eq!(newer(Some(1)), Destination::Route { route: 1, version: 1 });
    }

    #[test]
    fn an_older_version_that_nobody_reads_is_unknown() {
        let registry = registry(Unknown::Ignore);
        assert_eq!(registry.destination(&envelope("order.placed", 1, None)), Destination::UnknownVersion);
    }

    #[test]
    fn an_unknown_type_follows_the_declaration() {
        let other = envelope("user.created", 1, None);
        assert_eq!(registry(Unknown::Ignore).destination(&other), Destination::Ignored);
        assert_eq!(registry(Unknown::DeadLetter).destination(&other), Destination::UnknownType);
    }
}
