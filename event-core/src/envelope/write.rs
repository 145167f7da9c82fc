//! Writing an envelope: `data` and unknown extensions are copied, never parsed.

use std::fmt::Display;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Envelope;
use crate::key::EventKey;

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("specversion", "1.0")?;
        self.write_context(&mut map)?;
        self.write_extensions(&mut map)?;
        if let Some(data) = &self.data {
            map.serialize_entry("data", data)?;
        }
        map.end()
    }
}

impl Envelope {
    fn write_context<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("source", self.source.as_str())?;
        map.serialize_entry("type", &self.event_type)?;
        optional(map, "time", self.time.as_ref())?;
        optional(map, "subject", self.subject.as_ref().map(EventKey::as_str))?;
        optional(map, "datacontenttype", self.data_content_type.as_ref())?;
        optional(map, "dataschema", self.data_schema.as_ref())
    }

    fn write_extensions<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("eventversion", &self.event_version)?;
        optional(map, "readablesince", self.readable_since)?;
        optional(map, "sequence", self.sequence.map(Text))?;
        optional(map, "previous", self.previous.map(Text))?;
        optional(map, "partitionkey", self.partition_key.as_ref())?;
        optional(map, "correlationid", self.correlation_id.as_ref())?;
        optional(map, "causationid", self.causation_id.as_ref())?;
        optional(map, "traceparent", self.trace_parent.as_ref())?;
        optional(map, "tracestate", self.trace_state.as_ref())?;
        self.twin.as_ref().map_or(Ok(()), |twin| twin.write(map))?;
        self.extensions.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

/// A value that stands on the wire as its text.
struct Text<T>(T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn optional<M: SerializeMap, T: Serialize>(map: &mut M, name: &'static str, value: Option<T>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn data_and_unknown_extensions_survive_to_the_byte() {
        let wire = concat!(
            r#"{"specversion":"1.0","id":"1","source":"/s","type":"a.b","eventversion":2,"#,
            r#""sequence":"00000000000000000007","previous":"00000000000000000000","comexample":{"n": 1.50},"#,
            r#""data":{"b" : 1.0, "a":[10000000000000000000000001],"b":2}}"#
        );
        let envelope = Envelope::from_json(wire.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(envelope.to_json()).unwrap(), wire);
    }
}
