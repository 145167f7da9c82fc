//! The same event in several versions, each an event of its own on the wire: a cut-over, where old and new consumers
//! run beside each other. A consumer applies one of them.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::event_version::EVENT_VERSION_MAX;
use crate::id::EventId;

/// What the twins of an event have in common.
///
/// On the wire these are the attributes `twin`, `twinversions` (`1,2`) and, where one of the versions can be read by an
/// older reader than its own, `twinreadablesince` (`1,1`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Twin {
    /// `twin`: the same for all of them.
    pub id: EventId,
    /// The versions in which the event was written, the lowest first.
    pub versions: Vec<TwinVersion>,
}

/// A version in which an event was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TwinVersion {
    /// The version.
    pub event_version: u32,
    /// The oldest version whose reader understands it.
    pub readable_since: u32,
}

/// How far the builds of a consumer are from a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// This build reads it.
    Readable,
    /// It is newer than what this build reads.
    Newer,
    /// It is older than what this build reads.
    Older,
}

impl Twin {
    /// The twins of an event.
    #[must_use]
    pub fn new(id: EventId, mut versions: Vec<TwinVersion>) -> Self {
        versions.sort_by_key(|version| version.event_version);
        Self { id, versions }
    }

    /// The version that a consumer takes: the highest that it reads. If it reads none, the lowest that is newer than
    /// it, for the next build that reads any of them reads that one; if there is none either, the highest.
    ///
    /// ```
    /// use event_core::{Reach, Twin, TwinVersion};
    ///
    /// let twin = Twin::new("a".into(), vec![TwinVersion::new(1, 1), TwinVersion::new(2, 2)]);
    /// let reads = |newest: u32| move |version: &TwinVersion| match version.event_version {
    ///     version if version <= newest => Reach::Readable,
    ///     _ => Reach::Newer,
    /// };
    /// assert_eq!(twin.taken(reads(1)), Some(1));
    /// assert_eq!(twin.taken(reads(2)), Some(2));
    /// ```
    #[must_use]
    pub fn taken(&self, reach: impl Fn(&TwinVersion) -> Reach + Copy) -> Option<u32> {
        let at = |wanted: Reach| move |version: &&TwinVersion| reach(version) == wanted;
        let highest_read = self.versions.iter().rfind(at(Reach::Readable));
        let lowest_newer = || self.versions.iter().find(at(Reach::Newer));
        let found = highest_read.or_else(lowest_newer).or(self.versions.last());
        found.map(|version| version.event_version)
    }

    /// Reads the three attributes of an event of `own` version; `None` unless they are well formed and that is one of
    /// the versions: an event that isn't may not be taken for a duplicate.
    pub(crate) fn from_attributes(id: &str, own: u32, versions: &str, readable_since: Option<&str>) -> Option<Self> {
        let versions = numbers(versions)?;
        let since = readable_since.map_or_else(|| Some(versions.clone()), numbers)?;
        let fits = !id.is_empty()
            && versions.is_sorted_by(|a, b| a < b)
            && versions.contains(&own)
            && versions.len() == since.len();
        let versions = versions.into_iter().zip(since).map(|(version, since)| TwinVersion::new(version, since));
        fits.then(|| Self::new(id.into(), versions.collect()))
    }
}

impl TwinVersion {
    /// A version and the oldest version whose reader understands it.
    #[must_use]
    pub const fn new(event_version: u32, readable_since: u32) -> Self {
        Self { event_version, readable_since }
    }
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    let number = |part: &str| {
        let plain = part.bytes().all(|b| b.is_ascii_digit()) && !part.starts_with('0');
        part.parse().ok().filter(|number| plain && (1..=EVENT_VERSION_MAX).contains(number))
    };
    text.split(',').map(number).collect()
}

impl Serialize for Twin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write(&mut map)?;
        map.end()
    }
}

impl Twin {
    /// The oldest version whose reader understands `event_version`.
    pub(crate) fn readable_since(&self, event_version: u32) -> Option<u32> {
        let own = self.versions.iter().find(|version| version.event_version == event_version);
        own.map(|version| version.readable_since)
    }

    /// Writes the attributes into an envelope.
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("twin", &self.id)?;
        map.serialize_entry("twinversions", &list(self.versions.iter().map(|version| version.event_version)))?;
        if self.versions.iter().any(|version| version.readable_since != version.event_version) {
            let since = list(self.versions.iter().map(|version| version.readable_since));
            map.serialize_entry("twinreadablesince", &since)?;
        }
        Ok(())
    }
}

fn list(numbers: impl Iterator<Item = u32>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_versions_that_rise_and_hold_the_own_one_are_twins() {
        let read = |own, versions, since| Twin::from_attributes("a", own, versions, since);
        assert!(read(1, "1,2", None).is_some() && read(2, "1,2", Some("1,1")).is_some());
        for (own, versions, since) in [
            (3, "1,2", None),
            (1, "2,1", None),
            (1, "1,1", None),
            (1, "1, 2", None),
            (1, "+1,2", None),
            (1, "01,2", None),
            (1, "", None),
            (1, "1,2", Some("1")),
            (1, "1,99999999999", None),
        ] {
            assert_eq!(read(own, versions, since), None, "{own} in {versions}");
        }
    }

    #[test]
    fn a_reader_of_none_keeps_the_lowest_that_is_newer() {
        let twin = Twin::new("a".into(), [2, 3].map(|version| TwinVersion::new(version, version)).into());
        assert_eq!(twin.taken(|_| Reach::Newer), Some(2));
        assert_eq!(twin.taken(|_| Reach::Older), Some(3));
        assert_eq!(twin.taken(|version| if version.event_version == 2 { Reach::Older } else { Reach::Newer }), Some(3));
    }
}
