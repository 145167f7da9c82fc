//! What an event belongs to, and the extension attributes of the service's own.

use std::collections::BTreeMap;

use serde::Serialize;

use super::EnqueueError;
use crate::characters;
use crate::id::EventId;

/// What an event belongs to; it travels as extension attributes of the envelope.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The conversation that the event belongs to.
    #[serde(rename = "correlationid", skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<EventId>,
    /// The message that caused the event.
    #[serde(rename = "causationid", skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<EventId>,
    /// `traceparent` of W3C Trace Context.
    #[serde(rename = "traceparent", skip_serializing_if = "Option::is_none")]
    pub trace_parent: Option<String>,
    /// `tracestate` of W3C Trace Context.
    #[serde(rename = "tracestate", skip_serializing_if = "Option::is_none")]
    pub trace_state: Option<String>,
    /// Extension attributes of the service's own.
    #[serde(flatten)]
    pub extensions: BTreeMap<String, ExtensionValue>,
}

/// The value of an extension attribute, of the types that CloudEvents has in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ExtensionValue {
    /// A boolean.
    Boolean(bool),
    /// A 32-bit integer.
    Integer(i32),
    /// A string, which also carries times, URIs and binary data.
    String(String),
}

impl From<&str> for ExtensionValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for ExtensionValue {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for ExtensionValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i32> for ExtensionValue {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}

impl Metadata {
    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        let Self { correlation_id, causation_id, trace_parent, trace_state, extensions } = self;
        correlation_id.is_none()
            && causation_id.is_none()
            && trace_parent.is_none()
            && trace_state.is_none()
            && extensions.is_empty()
    }

    /// The metadata of what a message causes: the same conversation, caused by the message.
    #[must_use]
    pub fn caused_by(message: &crate::Message) -> Self {
        let envelope = message.envelope();
        Self {
            correlation_id: Some(envelope.correlation_id.clone().unwrap_or_else(|| envelope.id.clone())),
            causation_id: Some(envelope.id.clone()),
            trace_parent: envelope.trace_parent.clone(),
            trace_state: envelope.trace_state.clone(),
            extensions: BTreeMap::new(),
        }
    }

    pub(super) fn check(&self) -> Result<(), EnqueueError> {
        let Self { correlation_id, causation_id, trace_parent, trace_state, extensions } = self;
        // Mostly taken over from a message, which another producer has written as it liked and which was accepted.
        let links = [
            ("correlationid", correlation_id.as_ref().map(EventId::as_str)),
            ("causationid", causation_id.as_ref().map(EventId::as_str)),
            ("traceparent", trace_parent.as_deref()),
            ("tracestate", trace_state.as_deref()),
        ];
        if let Some((name, _)) = links.into_iter().find(|(_, text)| text.is_some_and(characters::hold_nul)) {
            return Err(EnqueueError::attribute(name, characters::WITHOUT_NUL));
        }
        extensions.iter().try_for_each(|(name, value)| check_extension(name, value))
    }

    pub(super) fn add_extension(&mut self, name: &str, value: ExtensionValue) -> Result<(), EnqueueError> {
        check_extension(name, &value)?;
        self.extensions.insert(name.to_owned(), value);
        Ok(())
    }
}

fn check_extension(name: &str, value: &ExtensionValue) -> Result<(), EnqueueError> {
    check_name(name)?;
    match value {
        ExtensionValue::String(text) if !characters::are_lawful(text) => {
            Err(EnqueueError::attribute(name.to_owned(), characters::LAWFUL))
        }
        _ => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), EnqueueError> {
    let lawful = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if lawful && !RESERVED.contains(&name) {
        return Ok(());
    }
    Err(EnqueueError::ExtensionName { name: name.to_owned() })
}

/// What `time` must be.
pub(crate) const YEARS: &str = "within the years 0 to 9999";

/// The attributes that the envelope itself writes.
pub(crate) const RESERVED: [&str; 25] = [
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "subject",
    "datacontenttype",
    "dataschema",
    "data",
    "eventversion",
    "readablesince",
    "sequence",
    "previous",
    "partitionkey",
    "correlationid",
    "causationid",
    "traceparent",
    "tracestate",
    "twin",
    "twinversions",
    "twinreadablesince",
    "deprecated",
    "deprecationfrom",
    "deprecationsunset",
    "deprecationmigration",
];
