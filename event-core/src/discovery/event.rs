//! One event as its program knows it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use schemars::generate::SchemaSettings;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::event::{DomainEvent, Standing};

/// What the derive saw of the event in the source.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The Rust item's name.
    pub ident: &'static str,
    /// The file of the item, as the compiler names it.
    pub file: &'static str,
    /// The line of the item.
    pub line: u32,
    /// The module of the item.
    pub module: &'static str,
    /// The package that declares the event.
    pub package: Option<&'static str>,
    /// The folder of that package.
    pub manifest_dir: Option<&'static str>,
    /// The container's serde attributes, as text.
    pub attributes: &'static str,
    /// The key as written, empty for keyless events.
    pub key: &'static str,
    /// The older version's Rust type as written, empty for none.
    pub from: &'static str,
    /// The earlier wire type, empty for none.
    pub was: &'static str,
    /// The first version that was ever published.
    pub since: u32,
    /// Whether the version is only read.
    pub superseded: bool,
    /// Whether it is somebody else's event.
    pub foreign: bool,
    /// Fields and variants: name, line, serde attributes.
    pub fields: &'static [(&'static str, u32, &'static str)],
}

impl Source {
    /// Nothing known: what a registration leaves out.
    pub const NONE: Self = Self {
        ident: "",
        file: "",
        line: 0,
        module: "",
        package: None,
        manifest_dir: None,
        attributes: "",
        key: "",
        from: "",
        was: "",
        since: 1,
        superseded: false,
        foreign: false,
        fields: &[],
    };

    fn describe(&self) -> Value {
        json!({
            "ident": self.ident, "file": self.file, "line": self.line, "module": self.module,
            "package": self.package, "manifest_dir": self.manifest_dir, "attributes": self.attributes,
            "key": self.key, "from": self.from, "was": self.was, "since": self.since,
            "superseded": self.superseded, "foreign": self.foreign, "fields": self.fields,
        })
    }
}

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
        }
    }

    /// All that schema-check asks of an event at once, or what panicked.
    pub(super) fn describe(&self) -> Value {
        let mut event = json!({
            "event_type": self.event_type, "event_version": self.event_version, "aggregate": self.aggregate,
            "source": self.source.describe(),
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
    let again = E::Standing::write_again(&event).transpose().map_err(|error| error.to_string())?;
    Ok(again.map(|data| data.get().to_owned()))
}

fn guarded<T>(ask: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(ask)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without text").to_owned()
    })
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
