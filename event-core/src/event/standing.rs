//! Where an event stands: the newest version of its type, one that is only read, or somebody else's; and what that asks
//! of its Rust type.

use serde_json::value::RawValue;

use super::Writes;
use crate::write::Unwritable;

/// One of the words below, for an event `E`. All but a foreign event must be `Serialize`.
#[diagnostic::on_unimplemented(
    message = "the event `{E}` can't be written",
    label = "`Serialize` is missing",
    note = "add `Serialize` to its derives: `#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]`",
    note = "somebody else's event, which this service only reads, needs none: say so by `foreign` in its `#[event(…)]`"
)]
pub trait Standing<E>: 'static {
    /// Whether this service publishes it, or did.
    const IS_OURS: bool = true;

    /// The data as JSON; `None` where it is never written.
    fn write_again(event: &E) -> Option<Result<Box<RawValue>, Unwritable>>;
}

/// What handlers may take.
pub trait Handled {}

/// What may be published. The standings that may not say why, each through a bound that nothing meets.
#[diagnostic::on_unimplemented(
    message = "`{E}` may be an event that can't be published",
    label = "may be superseded or foreign",
    note = "bound it by `event_core::Publish`"
)]
pub trait Published<E> {
    /// The data as JSON.
    ///
    /// # Errors
    /// When serde refuses it, or JSON has no number for a float in it.
    fn write(event: &E) -> Result<Box<RawValue>, Unwritable>;
}

/// Never implemented for [`Superseded`].
#[diagnostic::on_unimplemented(
    message = "`{E}` can't be published: it is superseded",
    label = "can't be published",
    note = "publish the newest version of the event; `superseded` in its `#[event(…)]` says that this one is only read"
)]
pub trait Unsuperseded<E> {}

/// Never implemented for [`Foreign`].
#[diagnostic::on_unimplemented(
    message = "`{E}` is a foreign event; only its owner publishes it",
    label = "can't be published",
    note = "declare an event of this service, under a `type` of its own, and publish that one"
)]
pub trait Ours<E> {
    /// The data as JSON.
    ///
    /// # Errors
    /// When serde refuses it, or JSON has no number for a float in it.
    fn write(event: &E) -> Result<Box<RawValue>, Unwritable>;
}

/// The newest version.
#[derive(Debug, Clone, Copy)]
pub enum Newest {}

#[diagnostic::do_not_recommend]
impl<E: Writes> Standing<E> for Newest {
    fn write_again(event: &E) -> Option<Result<Box<RawValue>, Unwritable>> {
        Some(event.__write())
    }
}

impl Handled for Newest {}

impl<E: Writes> Published<E> for Newest {
    fn write(event: &E) -> Result<Box<RawValue>, Unwritable> {
        event.__write()
    }
}

/// An older version: stored events of it are read.
#[derive(Debug, Clone, Copy)]
pub enum Superseded {}

#[diagnostic::do_not_recommend]
impl<E: Writes> Standing<E> for Superseded {
    fn write_again(event: &E) -> Option<Result<Box<RawValue>, Unwritable>> {
        Some(event.__write())
    }
}

impl<E: Writes> Published<E> for Superseded
where
    Self: Unsuperseded<E>,
{
    fn write(event: &E) -> Result<Box<RawValue>, Unwritable> {
        event.__write()
    }
}

/// Somebody else's event: it is read, in the versions that this service declares.
#[derive(Debug, Clone, Copy)]
pub enum Foreign {}

impl<E> Standing<E> for Foreign {
    const IS_OURS: bool = false;

    fn write_again(_: &E) -> Option<Result<Box<RawValue>, Unwritable>> {
        None
    }
}

impl Handled for Foreign {}

impl<E> Published<E> for Foreign
where
    Self: Ours<E>,
{
    fn write(event: &E) -> Result<Box<RawValue>, Unwritable> {
        <Self as Ours<E>>::write(event)
    }
}
