//! Deprecated versions, told once by each process.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tracing::warn;

use crate::deprecation::Deprecation;
use crate::envelope::Envelope;

/// The versions that were told.
#[derive(Debug, Default)]
pub(super) struct Deprecations {
    told: Mutex<BTreeSet<(String, u32)>>,
}

impl Deprecations {
    /// Warns of a deprecated version when its first event is handled.
    pub(super) fn tell(&self, consumer: &str, envelope: &Envelope) {
        let Some(Deprecation { sunset, migration, .. }) = self.news(envelope) else { return };
        warn!(
            consumer,
            source = %envelope.source,
            event_type = envelope.event_type,
            event_version = envelope.event_version,
            sunset = sunset.map(|at| at.to_string()),
            migration = migration.as_deref(),
            "a deprecated version is still read"
        );
    }

    fn news(&self, envelope: &Envelope) -> Option<Deprecation> {
        let deprecation = envelope.deprecation()?;
        let version = (envelope.event_type.clone(), envelope.event_version);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(version).then_some(deprecation)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn envelope(rest: &str) -> Envelope {
        let wire = format!(r#"{{"specversion":"1.0","id":"1","source":"/s","type":"a.b"{rest}}}"#);
        Envelope::from_json(wire.as_bytes()).unwrap()
    }

    #[test]
    fn a_deprecated_version_is_news_once() {
        let deprecations = Deprecations::default();
        let first = envelope(r#","deprecated":true,"deprecationsunset":"2027-01-01T00:00:00Z""#);
        let sunset = deprecations.news(&first).and_then(|news| news.sunset).map(|at| at.to_string());
        assert_eq!(sunset.as_deref(), Some("2027-01-01T00:00:00.000000Z"));
        assert_eq!(deprecations.news(&first), None);
        assert!(deprecations.news(&envelope(r#","eventversion":2,"deprecated":"true""#)).is_some());
        for not in ["", r#","deprecated":false"#, r#","eventversion":3,"deprecated":1"#] {
            assert_eq!(deprecations.news(&envelope(not)), None, "{not}");
        }
    }
}
