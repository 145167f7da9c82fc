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

    /// Reads the three attributes; `None` unless they are well formed.
    pub(crate) fn from_attributes(id: &str, versions: &str, readable_since: Option<&str>) -> Option<Self> {
        let versions = numbers(versions)?;
        let since = readable_since.map_or_else(|| Some(versions.clone()), numbers)?;
        let fits = !id.is_empty() && versions.len() == since.len();
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
    let number = |part: &str| part.trim().parse().ok().filter(|number| (1..=EVENT_VERSION_MAX).contains(number));
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
