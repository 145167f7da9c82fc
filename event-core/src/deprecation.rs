//! What a producer says about the end of a version: CloudEvents' deprecation extension.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::clock::Timestamp;

/// A version that consumers should move away from: `#[event(…, deprecated)]`.
///
/// On the wire these are the attributes `deprecated`, `deprecationfrom`, `deprecationsunset` and
/// `deprecationmigration`.
///
/// Source: CloudEvents' deprecation extension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Deprecation {
    /// `deprecationfrom`: since when it is deprecated.
    pub from: Option<Timestamp>,
    /// `deprecationsunset`: from when on it may not be published any more.
    pub sunset: Option<Timestamp>,
    /// `deprecationmigration`: a URI that tells what to do.
    pub migration: Option<Cow<'static, str>>,
}

/// What the derive says of a version.
pub type Deprecated = Option<Deprecation>;

/// What the derive writes: times are microseconds since 1970, and an empty list or text says nothing.
#[must_use]
pub const fn deprecated(from: &[i64], sunset: &[i64], migration: &'static str) -> Deprecated {
    let migration = if migration.is_empty() { None } else { Some(Cow::Borrowed(migration)) };
    Some(Deprecation { from: timestamp(from), sunset: timestamp(sunset), migration })
}

/// `Option::map` isn't const.
const fn timestamp(micros: &[i64]) -> Option<Timestamp> {
    match micros {
        [micros, ..] => Some(Timestamp::from_unix_micros(*micros)),
        [] => None,
    }
}

impl Serialize for Deprecation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("deprecated", &true)?;
        if let Some(from) = self.from {
            map.serialize_entry("deprecationfrom", &from)?;
        }
        if let Some(sunset) = self.sunset {
            map.serialize_entry("deprecationsunset", &sunset)?;
        }
        if let Some(migration) = &self.migration {
            map.serialize_entry("deprecationmigration", migration)?;
        }
        map.end()
    }
}

/// What the extension attributes of an event say of its deprecation: `None` where it isn't deprecated.
pub(crate) fn of_extensions(extensions: &BTreeMap<String, Box<RawValue>>) -> Option<Deprecation> {
    let raw = |name: &str| extensions.get(name).map(|value| value.get());
    // Header bindings carry booleans as text.
    if !matches!(raw("deprecated"), Some("true" | "\"true\"")) {
        return None;
    }
    let time = |name| serde_json::from_str(raw(name)?).ok();
    let migration = raw("deprecationmigration").and_then(|raw| serde_json::from_str::<String>(raw).ok());
    Some(Deprecation {
        from: time("deprecationfrom"),
        sunset: time("deprecationsunset"),
        migration: migration.map(Cow::Owned),
    })
}
