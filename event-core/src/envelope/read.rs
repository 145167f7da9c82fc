//! Reading an envelope: one pass over the object, then one attribute at a time.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Envelope, EnvelopeError, Source};
use crate::characters;
use crate::event_version::EVENT_VERSION_MAX;
use crate::sequence::Sequence;
use crate::twin::Twin;

/// The attributes of one object, each value as it came.
struct Attributes {
    values: BTreeMap<String, Box<RawValue>>,
    twice: Option<String>,
}

pub(super) fn envelope(json: &[u8]) -> Result<Envelope, EnvelopeError> {
    let mut attributes = Attributes::read(json)?;
    attributes.check_spec_version()?;
    let id: String = attributes.required("id", "a non-empty string")?;
    let source: String = attributes.required("source", "a non-empty string")?;
    let event_type: String = attributes.required("type", "a non-empty string")?;
    let mut envelope = Envelope::new(id.into(), Source::from(source), event_type);
    fill_context(&mut envelope, &mut attributes)?;
    fill_extensions(&mut envelope, &mut attributes)?;
    envelope.data = attributes.values.remove("data");
    envelope.extensions = attributes.values;
    Ok(envelope)
}

fn fill_context(envelope: &mut Envelope, attributes: &mut Attributes) -> Result<(), EnvelopeError> {
    envelope.time = attributes.optional("time", "an RFC 3339 time")?;
    envelope.subject = attributes.text("subject")?.map(Into::into);
    envelope.data_content_type = attributes.text("datacontenttype")?;
    envelope.data_schema = attributes.text("dataschema")?;
    Ok(())
}

fn fill_extensions(envelope: &mut Envelope, attributes: &mut Attributes) -> Result<(), EnvelopeError> {
    envelope.event_version = attributes.version("eventversion")?.unwrap_or(1);
    envelope.readable_since = attributes.version("readablesince")?;
    envelope.sequence = attributes.place("sequence");
    envelope.previous = attributes.place("previous");
    envelope.partition_key = attributes.text("partitionkey")?.map(Into::into);
    envelope.correlation_id = attributes.text("correlationid")?.map(Into::into);
    envelope.causation_id = attributes.text("causationid")?.map(Into::into);
    envelope.trace_parent = attributes.text("traceparent")?;
    envelope.trace_state = attributes.text("tracestate")?;
    envelope.twin = attributes.twin(envelope.event_version);
    Ok(())
}

impl Attributes {
    fn read(json: &[u8]) -> Result<Self, EnvelopeError> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let attributes = deserializer.deserialize_map(ObjectVisitor).map_err(EnvelopeError::NotJson)?;
        deserializer.end().map_err(EnvelopeError::NotJson)?;
        match attributes.twice {
            Some(attribute) => Err(EnvelopeError::Twice { attribute }),
            None => Ok(attributes),
        }
    }

    fn check_spec_version(&mut self) -> Result<(), EnvelopeError> {
        let found: String = self.required("specversion", "a non-empty string")?;
        if found == "1.0" { Ok(()) } else { Err(EnvelopeError::SpecVersion { found: beginning(&found) }) }
    }

    fn required(&mut self, attribute: &'static str, reason: &'static str) -> Result<String, EnvelopeError> {
        let text: Option<String> = self.optional(attribute, reason)?;
        match text {
            None => Err(EnvelopeError::Missing { attribute }),
            Some(text) if text.is_empty() => {
                Err(EnvelopeError::Invalid { attribute, reason, found: "an empty string".to_owned() })
            }
            Some(text) => can_be_kept(attribute, text),
        }
    }

    fn text(&mut self, attribute: &'static str) -> Result<Option<String>, EnvelopeError> {
        let text: Option<String> = self.optional(attribute, "a string")?;
        text.map(|text| can_be_kept(attribute, text)).transpose()
    }

    /// An attribute whose absence and whose `null` mean the same.
    fn optional<T: DeserializeOwned>(
        &mut self,
        attribute: &'static str,
        reason: &'static str,
    ) -> Result<Option<T>, EnvelopeError> {
        let Some(raw) = self.values.remove(attribute) else { return Ok(None) };
        serde_json::from_str(raw.get()).map_err(|_| invalid(attribute, reason, &raw))
    }

    /// A place on a stream, if it is one of ours. Other producers count in other ways; theirs stays an extension.
    fn place(&mut self, attribute: &'static str) -> Option<Sequence> {
        let text: String = serde_json::from_str(self.values.get(attribute)?.get()).ok()?;
        let place = text.parse().ok()?;
        self.values.remove(attribute);
        Some(place)
    }

    /// The twins of an event, if the attributes are as ours; else they stay extensions.
    fn twin(&mut self, own: u32) -> Option<Twin> {
        let twin = twin(&self.values, own)?;
        for name in TWIN {
            self.values.remove(name);
        }
        Some(twin)
    }

    /// A version: a number, or its digits as text, which is how header bindings carry integers.
    fn version(&mut self, attribute: &'static str) -> Result<Option<u32>, EnvelopeError> {
        let reason = "a whole number from 1 to 2147483647";
        let Some(raw) = self.values.remove(attribute) else { return Ok(None) };
        if raw.get() == "null" {
            return Ok(None);
        }
        match raw.get().trim_matches('"').parse::<u32>() {
            Ok(version) if (1..=EVENT_VERSION_MAX).contains(&version) => Ok(Some(version)),
            _ => Err(invalid(attribute, reason, &raw)),
        }
    }
}

/// The attributes that twins have.
const TWIN: [&str; 3] = ["twin", "twinversions", "twinreadablesince"];

fn twin(values: &BTreeMap<String, Box<RawValue>>, own: u32) -> Option<Twin> {
    let [id, versions, since] = TWIN.map(|name| values.get(name).map(|raw| serde_json::from_str::<String>(raw.get())));
    let id = id?.ok().filter(|id| !characters::hold_nul(id))?;
    Twin::from_attributes(&id, own, &versions?.ok()?, since.transpose().ok()?.as_deref())
}

/// What CloudEvents forbids is taken from other producers all the same, but for what no PostgreSQL can store.
fn can_be_kept(attribute: &'static str, text: String) -> Result<String, EnvelopeError> {
    if !characters::hold_nul(&text) {
        return Ok(text);
    }
    let found = format!("`{}`", beginning(&text).escape_debug());
    Err(EnvelopeError::Invalid { attribute, reason: characters::WITHOUT_NUL, found })
}

fn invalid(attribute: &'static str, reason: &'static str, raw: &RawValue) -> EnvelopeError {
    EnvelopeError::Invalid { attribute, reason, found: format!("`{}`", beginning(raw.get())) }
}

fn beginning(text: &str) -> String {
    text.chars().take(40).collect()
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Attributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CloudEvent, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
        let mut attributes = Attributes { values: BTreeMap::new(), twice: None };
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            if attributes.values.insert(name.clone(), value).is_some() {
                attributes.twice.get_or_insert(name);
            }
        }
        Ok(attributes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const PLAIN: &str = r#"{"specversion":"1.0","id":"1","source":"/s","type":"a.b""#;

    fn error(rest: &str) -> String {
        Envelope::from_json(format!("{PLAIN}{rest}").as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_not_json_says_so() {
        for bytes in [&b""[..], b"not json", b"[]", b"\xff\xfe", b"{\"specversion\":"] {
            assert!(matches!(Envelope::from_json(bytes), Err(EnvelopeError::NotJson(_))), "{bytes:?}");
        }
        assert!(matches!(Envelope::from_json(format!("{PLAIN}}} {{}}").as_bytes()), Err(EnvelopeError::NotJson(_))));
    }

    #[test]
    fn a_broken_attribute_is_named() {
        assert_eq!(error(r#","id":"2"}"#), "the attribute `id` stands there twice");
        assert_eq!(error(r#","time":"noon"}"#), "the attribute `time` must be an RFC 3339 time, found `\"noon\"`");
        assert_eq!(
            error(r#","eventversion":0}"#),
            "the attribute `eventversion` must be a whole number from 1 to 2147483647, found `0`"
        );
        let missing = Envelope::from_json(br#"{"specversion":"1.0","id":"1","source":"/s"}"#).unwrap_err();
        assert_eq!(missing.to_string(), "the attribute `type` is missing");
    }

    #[test]
    fn a_nul_is_refused_in_every_attribute_that_is_kept_and_other_control_characters_are_not() {
        let nul = r"1\u0000";
        let required = |name: &str, value: &str| {
            let attributes = ["id", "source", "type"].map(|other| {
                let value = if other == name { value } else { "a.b" };
                format!(r#","{other}":"{value}""#)
            });
            Envelope::from_json(format!(r#"{{"specversion":"1.0"{}}}"#, attributes.concat()).as_bytes())
        };
        for name in ["id", "source", "type"] {
            let found = format!(r"the attribute `{name}` must be text without U+0000, found `1\0`");
            assert_eq!(required(name, nul).unwrap_err().to_string(), found);
            assert!(required(name, r"1\n").is_ok());
        }
        let optional = ["subject", "partitionkey", "correlationid", "causationid", "traceparent", "tracestate"];
        for name in optional.into_iter().chain(["dataschema", "datacontenttype"]) {
            assert!(
                error(&format!(r#","{name}":"{nul}"}}"#)).starts_with(&format!("the attribute `{name}` must be text"))
            );
            let envelope = Envelope::from_json(format!(r#"{PLAIN},"{name}":"a\n\u0085"}}"#).as_bytes());
            assert!(envelope.is_ok(), "`{name}` can be stored");
        }
        let kept = format!(r#"{PLAIN},"eventversion":1,"comexample":"{nul}","data":"{nul}"}}"#);
        assert_eq!(Envelope::from_json(kept.as_bytes()).unwrap().to_json(), kept.as_bytes(), "verbatim");
    }

    #[test]
    fn half_of_a_surrogate_pair_is_refused() {
        assert_eq!(error(r#","subject":"\ud800"}"#), r#"the attribute `subject` must be a string, found `"\ud800"`"#);
    }

    #[test]
    fn another_spec_version_is_refused() {
        let error = Envelope::from_json(br#"{"specversion":"0.3","id":"1","source":"/s","type":"a.b"}"#).unwrap_err();
        assert_eq!(error.to_string(), "`specversion` is `0.3`, and only `1.0` is supported");
    }

    #[test]
    fn the_sequence_of_another_producer_is_kept_and_is_no_place_of_ours() {
        for sequence in [r#""7""#, "7", "null"] {
            let wire = format!(r#"{PLAIN},"eventversion":1,"sequence":{sequence}}}"#);
            let envelope = Envelope::from_json(wire.as_bytes()).unwrap();
            assert_eq!(envelope.sequence, None);
            assert_eq!(String::from_utf8(envelope.to_json()).unwrap(), wire);
        }
    }

    #[test]
    fn foreign_ids_and_versions_as_text_are_accepted() {
        let envelope = Envelope::from_json(format!(r#"{PLAIN},"eventversion":"3"}}"#).as_bytes()).unwrap();
        assert_eq!((envelope.id.as_str(), envelope.event_version), ("1", 3));
        assert_eq!(envelope.ordering_key().as_str(), "a/1");
    }
}
