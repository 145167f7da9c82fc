//! Reading an envelope: one pass over the object finds the attributes, then each is read where it stands.

mod attributes;
mod scan;
mod value;
mod verbatim;

use super::{Envelope, EnvelopeError, Source};
use crate::characters;
use crate::sequence::Sequence;
use crate::twin::Twin;

use attributes::{Attributes, Value};
use verbatim::verbatim;

/// How many bytes an id, a source or a key may have.
pub(crate) const MAX_LENGTH: usize = 1024;

pub(super) fn envelope(json: &[u8]) -> Result<Envelope, EnvelopeError> {
    let mut attributes = Attributes::read(json)?;
    check_spec_version(&attributes)?;
    let id = value::required("id", attributes.id)?;
    let source = value::required("source", attributes.source)?;
    let event_type = value::required("type", attributes.event_type)?;
    let mut envelope = Envelope::new(id.into(), Source::from(source), event_type);
    fill_context(&mut envelope, &attributes)?;
    fill_extensions(&mut envelope, &mut attributes)?;
    envelope.data = attributes.data.map(verbatim);
    envelope.extensions = attributes.others;
    check_lengths(&envelope)?;
    Ok(envelope)
}

/// What stores keep in their indexes has to fit into them.
fn check_lengths(envelope: &Envelope) -> Result<(), EnvelopeError> {
    let partition_key = envelope.partition_key.as_ref().map_or(0, |key| key.as_str().len());
    let subject = envelope.subject.as_ref().map_or(0, |subject| subject.as_str().len());
    let lengths = [
        ("id", envelope.id.as_str().len(), MAX_LENGTH),
        ("source", envelope.source.as_str().len(), MAX_LENGTH),
        ("type", envelope.event_type.len(), MAX_LENGTH / 4),
        ("subject", subject, MAX_LENGTH),
        ("partitionkey", partition_key, MAX_LENGTH + MAX_LENGTH / 4),
    ];
    let Some((attribute, length, _)) = lengths.into_iter().find(|(_, length, limit)| length > limit) else {
        return Ok(());
    };
    Err(EnvelopeError::Invalid { attribute, reason: "short enough for an index", found: format!("{length} bytes") })
}

fn check_spec_version(attributes: &Attributes<'_>) -> Result<(), EnvelopeError> {
    let found = value::required("specversion", attributes.spec_version)?;
    if found == "1.0" { Ok(()) } else { Err(EnvelopeError::SpecVersion { found: value::beginning(&found) }) }
}

fn fill_context(envelope: &mut Envelope, attributes: &Attributes<'_>) -> Result<(), EnvelopeError> {
    envelope.time = value::time("time", attributes.time)?;
    envelope.subject = value::text("subject", attributes.subject)?.map(Into::into);
    envelope.data_content_type = value::text("datacontenttype", attributes.data_content_type)?;
    envelope.data_schema = value::text("dataschema", attributes.data_schema)?;
    Ok(())
}

fn fill_extensions(envelope: &mut Envelope, attributes: &mut Attributes<'_>) -> Result<(), EnvelopeError> {
    envelope.event_version = value::version("eventversion", attributes.event_version)?.unwrap_or(1);
    envelope.readable_since = value::version("readablesince", attributes.readable_since)?;
    envelope.partition_key = value::text("partitionkey", attributes.partition_key)?.map(Into::into);
    envelope.correlation_id = value::text("correlationid", attributes.correlation_id)?.map(Into::into);
    envelope.causation_id = value::text("causationid", attributes.causation_id)?.map(Into::into);
    envelope.trace_parent = value::text("traceparent", attributes.trace_parent)?;
    envelope.trace_state = value::text("tracestate", attributes.trace_state)?;
    envelope.sequence = place("sequence", attributes.sequence, attributes);
    envelope.previous = place("previous", attributes.previous, attributes);
    envelope.twin = twin(attributes, envelope.event_version);
    Ok(())
}

/// A place on a stream, if it is one of ours. Other producers count in other ways; theirs stays an extension.
fn place(name: &str, raw: Value<'_>, attributes: &mut Attributes<'_>) -> Option<Sequence> {
    let raw = raw?;
    let place = value::string(raw).and_then(|text| text.parse().ok());
    if place.is_none() {
        attributes.others.insert(name.to_owned(), verbatim(raw));
    }
    place
}

/// The attributes that twins have.
const TWIN: [&str; 3] = ["twin", "twinversions", "twinreadablesince"];

/// The twins of an event, if the attributes are as ours; else they stay extensions.
fn twin(attributes: &mut Attributes<'_>, own: u32) -> Option<Twin> {
    let [id, versions, since] = TWIN.map(|name| attributes.others.get(name).map(|raw| value::string(raw.get())));
    let id = id??;
    let since = match since {
        Some(since) => Some(since?),
        None => None,
    };
    let twin = Twin::from_attributes(&id, own, &versions??, since.as_deref());
    let twin = twin.filter(|_| !characters::hold_nul(&id))?;
    for name in TWIN {
        attributes.others.remove(name);
    }
    Some(twin)
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
