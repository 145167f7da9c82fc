//! What the data of an event can do. Each trait stands for one of serde's or schemars': as a bound of
//! [`DomainEvent`](crate::DomainEvent) of their own they would be missed in their words, and once per trait that builds
//! on it; through these an event without them gets one message, which says what to add.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::write::{self, Unwritable};

/// What serde can write. Implemented for all that is `Serialize`.
pub trait Writes {
    /// The data as JSON.
    ///
    /// # Errors
    /// When serde refuses it, or JSON has no number for a float in it.
    fn __write(&self) -> Result<Box<RawValue>, Unwritable>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Writes for T {
    fn __write(&self) -> Result<Box<RawValue>, Unwritable> {
        write::data(self)
    }
}

/// What serde can read without borrowing. Implemented for all that is `DeserializeOwned`.
#[diagnostic::on_unimplemented(
    message = "the event `{Self}` can't be read",
    label = "`Deserialize` is missing",
    note = "add `Deserialize` to its derives: `#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]`"
)]
pub trait Reads: Sized {
    /// Reads the data.
    ///
    /// # Errors
    /// serde's own.
    fn __read(data: &RawValue) -> serde_json::Result<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Reads for T {
    fn __read(data: &RawValue) -> serde_json::Result<Self> {
        serde_json::from_str(data.get())
    }
}

/// What has a JSON Schema. Implemented for all that is `schemars::JsonSchema`.
#[diagnostic::on_unimplemented(
    message = "the event `{Self}` has no JSON Schema",
    label = "`JsonSchema` is missing",
    note = "add `JsonSchema` to its derives: `#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]`"
)]
pub trait Described {
    /// The schema under `settings`, which choose what is described: what serde writes, or what it reads.
    fn __schema(settings: SchemaSettings) -> Schema;
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> Described for T {
    fn __schema(settings: SchemaSettings) -> Schema {
        settings.into_generator().into_root_schema_for::<T>()
    }
}
