//! Which handler takes an event: by wire type and version.

use rustc_hash::FxHashMap;

use crate::envelope::Envelope;
use crate::handler::{Handlers, Route, Unknown};
use crate::twin::{Reach, Twin, TwinVersion};
use crate::upcast::Shape;

/// The handlers of one consumer, ready for look-up.
#[derive(Debug)]
pub struct Registry {
    routes: Vec<Route>,
    unknown: Unknown,
    // The keys are the service's own: whatever a stranger sends, it finds no more collisions than these have.
    by_type: FxHashMap<&'static str, Versions>,
}

/// The versions of one wire type that are read, and by which route.
#[derive(Debug, Default)]
struct Versions {
    /// Ascending: few and close together, so that a search beats a second hash.
    routes: Vec<(u32, usize)>,
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
        let mut by_type: FxHashMap<&'static str, Versions> = FxHashMap::default();
        for (index, route) in routes.iter().enumerate() {
            for Shape { event_type, event_version } in &route.shapes {
                by_type.entry(event_type).or_default().add(*event_version, index);
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
    fn add(&mut self, version: u32, route: usize) {
        if let Err(place) = self.place(version) {
            self.routes.insert(place, (version, route));
        }
    }

    fn place(&self, version: u32) -> Result<usize, usize> {
        self.routes.binary_search_by_key(&version, |(version, _)| *version)
    }

    fn route(&self, version: u32) -> Option<usize> {
        self.place(version).ok().and_then(|place| self.routes.get(place)).map(|(_, route)| *route)
    }

    fn reach(&self, version: &TwinVersion) -> Reach {
        if self.route(version.event_version).is_some() {
            return Reach::Readable;
        }
        match self.routes.last() {
            Some((newest, _)) if version.event_version > *newest => match version.readable_since <= *newest {
                true => Reach::Readable,
                false => Reach::Newer,
            },
            _ => Reach::Older,
        }
    }

    fn destination(&self, envelope: &Envelope) -> Destination {
        let version = envelope.event_version;
        if let Some(route) = self.route(version) {
            return Destination::Route { route, version };
        }
        match self.routes.last() {
            Some(&(newest, route)) if version > newest => match readable_since(envelope) {
                Some(oldest) if oldest <= newest => Destination::Route { route, version: newest },
                _ => Destination::AwaitingDeploy,
            },
            _ => Destination::UnknownVersion,
        }
    }
}

/// The oldest version whose reader understands the event, if its writer said so.
fn readable_since(envelope: &Envelope) -> Option<u32> {
    let by_twin = || envelope.twin.as_ref()?.readable_since(envelope.event_version);
    envelope.readable_since.or_else(by_twin)
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
