//! One event as its program knows it.

use std::sync::{Mutex, PoisonError};

use schemars::generate::SchemaSettings;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answer::{guarded, upcast};
use super::source::Source;
use crate::event::{DomainEvent, Standing};
use crate::upcast::{ReadError, Shape, shapes};

/// An event that a program links: its source, and functions that answer for its type.
#[derive(Debug)]
pub struct Discovered {
    event_type: &'static str,
    event_version: u32,
    aggregate: &'static str,
    source: Source,
    writer: fn() -> Value,
    reader: fn() -> Value,
    decode: fn(&str) -> Result<Option<String>, String>,
    shapes: fn() -> Vec<Shape>,
    upcast: fn(&str, u32, &RawValue) -> Result<Option<String>, ReadError>,
}

impl Discovered {
    /// The event `E`, declared at `source`.
    #[must_use]
    pub const fn new<E: DomainEvent>(source: Source) -> Self {
        Self {
            event_type: E::EVENT_TYPE,
            event_version: E::EVENT_VERSION,
            aggregate: E::AGGREGATE,
            source,
            writer: || E::__schema(SchemaSettings::draft2020_12().for_serialize()).into(),
            reader: || E::__schema(SchemaSettings::draft2020_12().for_deserialize()).into(),
            decode: decode::<E>,
            shapes: shapes::<E>,
            upcast: read_up::<E>,
        }
    }

    /// All that schema-check asks of an event at once, or what panicked.
    pub(super) fn describe(&self) -> Value {
        let mut event = json!({
            "event_type": self.event_type, "event_version": self.event_version, "aggregate": self.aggregate,
            "source": self.source.describe(), "shapes": self.shapes(),
        });
        let schemas = guarded(|| (self.writer)()).and_then(|writer| Ok((writer, guarded(|| (self.reader)())?)));
        if let Value::Object(fields) = &mut event {
            match schemas {
                Ok((writer, reader)) => fields.extend([("writer".to_owned(), writer), ("reader".to_owned(), reader)]),
                Err(panic) => fields.extend([("panic".to_owned(), Value::String(panic))]),
            }
        }
        event
    }

    /// `[event_type, event_version]` of all that can be read as the event, the newest first.
    fn shapes(&self) -> Vec<(&'static str, u32)> {
        (self.shapes)().into_iter().map(|shape| (shape.event_type, shape.event_version)).collect()
    }

    /// Reads `data` as what a version wrote, and steps upwards to the event.
    pub(super) fn upcast(&self, event_type: &str, event_version: u32, data: &str) -> Value {
        let read = || {
            let data = RawValue::from_string(data.to_owned()).map_err(|source| ReadError::Decode {
                event_type: event_type.to_owned(),
                event_version,
                source,
            })?;
            (self.upcast)(event_type, event_version, &data)
        };
        upcast(guarded(read))
    }

    /// Decodes `data` and, unless the event is foreign, writes it again; or tells serde's error.
    pub(super) fn decode(&self, data: &str) -> Value {
        match guarded(|| (self.decode)(data)) {
            Ok(Ok(text)) => json!({ "ok": text }),
            Ok(Err(error)) => json!({ "error": error }),
            Err(panic) => json!({ "panic": panic }),
        }
    }
}

fn decode<E: DomainEvent>(data: &str) -> Result<Option<String>, String> {
    let data = RawValue::from_string(data.to_owned()).map_err(|error| error.to_string())?;
    let event = E::__read(&data).map_err(|error| error.to_string())?;
    // What can't be written again was read all the same: a number beyond `f32` becomes infinite, which JSON lacks.
    Ok(E::Standing::write_again(&event).and_then(Result::ok).map(|data| data.get().to_owned()))
}

fn read_up<E: DomainEvent>(event_type: &str, event_version: u32, data: &RawValue) -> Result<Option<String>, ReadError> {
    let event: E = crate::upcast::read(event_type, event_version, data)?;
    // A step can make what serde can't write, such as a map with keys that are no text: it was read all the same.
    Ok(E::Standing::write_again(&event).and_then(Result::ok).map(|data| data.get().to_owned()))
}

static EVENTS: Mutex<Vec<&'static Discovered>> = Mutex::new(Vec::new());

/// Called once per event, before `main`.
pub fn register(event: &'static Discovered) {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner).push(event);
}

/// The events that registered so far.
pub(super) fn registered() -> Vec<&'static Discovered> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
