//! What "supported and proven" means: the event comes back as it was, both schemas describe what is on the wire, and a
//! change of what is on the wire is a change of a schema.

use std::fmt::Debug;

use event_core::{DEFAULT_MAX_DATA_BYTES, Draft, Publish, SystemClock, error_chain, reader_schema, writer_schema};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Derives what an event derives.
macro_rules! event {
    ($($item:tt)*) => {
        #[derive(
            Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema, event_core::DomainEvent,
        )]
        #[event(type = "serde.tried", version = 1, keyless)]
        $($item)*
    };
}

/// Derives what a type within an event derives.
macro_rules! part {
    ($($item:tt)*) => {
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        $($item)*
    };
}

pub(crate) use {event, part};

/// What an event is on the wire.
pub(crate) fn written(event: &impl Publish) -> Box<RawValue> {
    Draft::new(event, &SystemClock, DEFAULT_MAX_DATA_BYTES)
        .unwrap_or_else(|error| panic!("{error}: {error:?}"))
        .content
        .data
}

/// Why an event can't be written.
pub(crate) fn unwritable(event: &impl Publish) -> String {
    error_chain(&Draft::new(event, &SystemClock, DEFAULT_MAX_DATA_BYTES).unwrap_err()).join(": ")
}

/// What is read, or why nothing is.
pub(crate) fn read<E: Publish>(data: &str) -> Result<E, String> {
    let data = RawValue::from_string(data.to_owned()).expect("the data is JSON");
    event_core::read(E::EVENT_TYPE, E::EVENT_VERSION, &data).map_err(|error| error_chain(&error).join(": "))
}

/// The event comes back as it was, and is what both schemas say; what it is on the wire.
pub(crate) fn proven<E: Publish + PartialEq + Debug + JsonSchema + Serialize>(event: &E) -> String {
    let data = written(event);
    assert_eq!(read::<E>(data.get()).as_ref(), Ok(event), "{data}");
    let value: Value = serde_json::from_str(data.get()).expect("the data is JSON");
    for schema in [writer_schema::<E>(), reader_schema::<E>()] {
        let schema = serde_json::to_value(schema).expect("a schema is JSON");
        let errors = jsonschema::validator_for(&schema).expect("a schema is one");
        let errors: Vec<String> = errors.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} of {data} in {schema:#}");
    }
    data.get().to_owned()
}

/// What was written can't be read; serde's error.
pub(crate) fn poison<E: Publish + Debug>(event: &E) -> String {
    read::<E>(written(event).get()).expect_err("it was read")
}

/// Both events come from the same name, and differ in a schema.
pub(crate) fn is_seen<Old: Publish + JsonSchema, New: Publish + JsonSchema>() {
    let both = |schema: [schemars::Schema; 2]| {
        schema.map(|schema| {
            let mut schema = schema.to_value();
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("title");
            }
            schema
        })
    };
    let old = both([writer_schema::<Old>(), reader_schema::<Old>()]);
    assert_ne!(old, both([writer_schema::<New>(), reader_schema::<New>()]));
}
