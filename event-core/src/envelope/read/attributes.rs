//! One pass over the object of an envelope: which attribute stands where. Nothing is copied but what isn't ours.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::EnvelopeError;
use super::scan;
use super::verbatim::verbatim;

/// The JSON of an attribute, where it stands.
pub(super) type Value<'a> = Option<&'a str>;

/// The attributes of one object, each value as it came.
#[derive(Debug, Default)]
pub(super) struct Attributes<'a> {
    pub(super) spec_version: Value<'a>,
    pub(super) id: Value<'a>,
    pub(super) source: Value<'a>,
    pub(super) event_type: Value<'a>,
    pub(super) time: Value<'a>,
    pub(super) subject: Value<'a>,
    pub(super) data_content_type: Value<'a>,
    pub(super) data_schema: Value<'a>,
    pub(super) event_version: Value<'a>,
    pub(super) readable_since: Value<'a>,
    pub(super) sequence: Value<'a>,
    pub(super) previous: Value<'a>,
    pub(super) partition_key: Value<'a>,
    pub(super) correlation_id: Value<'a>,
    pub(super) causation_id: Value<'a>,
    pub(super) trace_parent: Value<'a>,
    pub(super) trace_state: Value<'a>,
    pub(super) data: Value<'a>,
    /// Every other attribute.
    pub(super) others: BTreeMap<String, Box<RawValue>>,
    twice: Option<String>,
}

impl<'a> Attributes<'a> {
    pub(super) fn read(json: &'a [u8]) -> Result<Self, EnvelopeError> {
        let attributes = Self::parse(json).map_err(EnvelopeError::NotJson)?;
        match attributes.twice {
            Some(attribute) => Err(EnvelopeError::Twice { attribute }),
            None => Ok(attributes),
        }
    }

    fn parse(json: &'a [u8]) -> serde_json::Result<Self> {
        // Once for all of it: serde_json would do it for each value, and for those within the data a second time.
        let json = str::from_utf8(json).map_err(serde_json::Error::custom)?;
        let mut attributes = Self::default();
        match scan::object(json, |name, value| attributes.put(name, value)) {
            Some(()) => Ok(attributes),
            None => Self::by_serde(json),
        }
    }

    fn by_serde(json: &'a str) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let attributes = deserializer.deserialize_map(Object)?;
        deserializer.end()?;
        Ok(attributes)
    }

    fn put(&mut self, name: &str, value: &'a str) {
        let earlier = match self.slot(name) {
            Some(slot) => slot.replace(value).is_some(),
            None => self.others.insert(name.to_owned(), verbatim(value)).is_some(),
        };
        if earlier {
            self.twice.get_or_insert_with(|| name.to_owned());
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut Value<'a>> {
        Some(match name {
            "specversion" => &mut self.spec_version,
            "id" => &mut self.id,
            "source" => &mut self.source,
            "type" => &mut self.event_type,
            "time" => &mut self.time,
            "subject" => &mut self.subject,
            "datacontenttype" => &mut self.data_content_type,
            "dataschema" => &mut self.data_schema,
            "eventversion" => &mut self.event_version,
            "readablesince" => &mut self.readable_since,
            "sequence" => &mut self.sequence,
            "previous" => &mut self.previous,
            "partitionkey" => &mut self.partition_key,
            "correlationid" => &mut self.correlation_id,
            "causationid" => &mut self.causation_id,
            "traceparent" => &mut self.trace_parent,
            "tracestate" => &mut self.trace_state,
            "data" => &mut self.data,
            _ => return None,
        })
    }
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Attributes<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CloudEvent, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes<'de>, A::Error> {
        let mut attributes = Attributes::default();
        while let Some(name) = map.next_key_seed(Name)? {
            attributes.put(&name, map.next_value::<&RawValue>()?.get());
        }
        Ok(attributes)
    }
}

/// A name, which is a part of the text unless it has escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an attribute")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    const PLAIN: &str = concat!(
        r#"{"specversion":"1.0","id":"1","type":"a.b","eventversion":2,"colour":"r\u00e9d\n","#,
        r#" "data" : {"a":[1,-20.5e+1,0.1E2,"x\"\\y",true,false,null,{},[ ]],"b":{"c":"grün 12345678"}}}"#
    );

    fn scanned(json: &str) -> Option<Attributes<'_>> {
        let mut attributes = Attributes::default();
        scan::object(json, |name, value| attributes.put(name, value)).map(|()| attributes)
    }

    /// What is scanned is what serde_json reads, and nothing that it refuses.
    fn agrees(json: &str) {
        let Some(scanned) = scanned(json) else { return };
        let read = Attributes::by_serde(json).unwrap_or_else(|error| panic!("{json} was scanned: {error}"));
        assert_eq!(format!("{scanned:?}"), format!("{read:?}"), "{json}");
    }

    #[test]
    fn what_we_and_others_write_is_scanned() {
        for json in [PLAIN, "{\"a\":1}", " { \"a\" : [ 1 , { } ] }\r\n\t"] {
            assert!(scanned(json).is_some(), "{json}");
            agrees(json);
        }
    }

    #[test]
    fn what_is_scanned_is_json_whatever_is_changed_in_it() {
        let (start, end) = (PLAIN.find("\"colour").unwrap(), PLAIN.len());
        for at in (0..20).chain(start..=end).filter(|at| PLAIN.is_char_boundary(*at)) {
            let (before, behind) = PLAIN.split_at(at);
            agrees(before);
            let mut without = behind.chars();
            without.next();
            agrees(&[before, without.as_str()].concat());
            for part in "{}[],:\"\\ \n\u{0}\u{1f}\u{7f}01-+.eEutnfax/ü".chars() {
                let part = part.to_string();
                agrees(&[before, &part, behind].concat());
                agrees(&[before, &part, without.as_str()].concat());
            }
        }
    }

    #[test]
    fn what_is_too_deep_or_named_with_escapes_is_left_to_serde_json() {
        let deep = |depth: usize| format!(r#"{{"data":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(scanned(&deep(64)).is_some());
        for json in [deep(65), deep(200_000), r#"{"d\u0061ta":1}"#.to_owned()] {
            assert!(scanned(&json).is_none());
            assert!(Attributes::read(json.as_bytes()).unwrap().data.is_some());
        }
    }

    #[test]
    fn plain_text_ends_where_it_should() {
        for at in 0..20 {
            let with = |character: &str| format!("{{\"a\":\"{}{character}{}\"}}", "a".repeat(at), "! ".repeat(9));
            for ending in ["\"", "\\", "\u{0}", "\u{1f}"] {
                assert!(scanned(&with(ending)).is_none(), "{ending:?} at {at}");
            }
            for plain in [" ", "!", "#", "[", "]", "~", "\u{7f}", "\u{80}", "ü", "\u{10ffff}"] {
                assert!(scanned(&with(plain)).is_some(), "{plain:?} at {at}");
                agrees(&with(plain));
            }
        }
    }
}
