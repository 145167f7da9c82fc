//! Steps from versions whose Rust types are gone: a function makes the event of what their schema describes.

use serde_json::Value;

use crate::event::DomainEvent;

use super::chain::{Reading, Shapes, Wire};
use super::{ReadError, Shape, UpcastError};

/// A version without a Rust type, and the step from it.
pub(crate) type Step<E> = (u32, fn(Value) -> Reading<E>);

/// What the function of a step may return.
#[diagnostic::on_unimplemented(
    message = "a function of `from_schema` can't return `{Self}`",
    label = "neither the event nor a `Result`",
    note = "write `fn(serde_json::Value) -> {E}`, or `-> Result<{E}, Error>` if it can refuse"
)]
pub trait Stepped<E> {
    /// The event, or what refused it.
    ///
    /// # Errors
    /// What the function returned.
    fn stepped(self) -> Result<E, UpcastError>;
}

impl<E: DomainEvent> Stepped<E> for E {
    fn stepped(self) -> Result<E, UpcastError> {
        Ok(self)
    }
}

impl<E: DomainEvent, X: Into<UpcastError>> Stepped<E> for Result<E, X> {
    fn stepped(self) -> Result<E, UpcastError> {
        self.map_err(Into::into)
    }
}

/// Takes a step of a function.
///
/// # Errors
/// When the function refuses the event.
pub fn stepped<E: DomainEvent, S: Stepped<E>>(stepped: S) -> Reading<E> {
    stepped.stepped().map_err(refused::<E>)
}

/// What an upcaster to `E` returned.
pub(super) fn refused<E: DomainEvent>(source: UpcastError) -> ReadError {
    ReadError::Upcast { event_type: E::EVENT_TYPE.to_owned(), to_version: E::EVENT_VERSION, source }
}

/// Reads a version by its step. Only here is data parsed into a `Value`: there is no type for it any more.
///
/// # Errors
/// When no step takes the version, the data isn't readable as JSON, or the step refuses it.
pub fn read_by_schema<E: DomainEvent>(wire: &Wire<'_>, event_type: &str, steps: &[Step<E>]) -> Reading<E> {
    let known = wire.event_type == event_type;
    let Some((_, step)) = steps.iter().find(|(version, _)| known && *version == wire.event_version) else {
        return Err(wire.unknown());
    };
    let data = serde_json::from_str(wire.data.get()).map_err(|source| ReadError::Decode {
        event_type: wire.event_type.to_owned(),
        event_version: wire.event_version,
        source,
    })?;
    step(data)
}

/// Adds the shapes that the steps read, the newest first.
pub fn shapes_by_schema(event_type: &'static str, versions: &[u32], out: &mut Shapes) {
    let mut versions = versions.to_vec();
    versions.sort_unstable();
    out.extend(versions.into_iter().rev().map(|event_version| Shape { event_type, event_version }));
}
