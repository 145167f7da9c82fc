//! The older version of an event that is written beside it: `also`.

use crate::draft::{Content, EnqueueError};

use super::{DomainEvent, Standing};

/// What is written beside an event, if anything.
pub type Also = Option<Result<Content, EnqueueError>>;

/// An older version into which an event is turned during a cut-over. Implemented by `From<&Event>`.
#[diagnostic::on_unimplemented(
    message = "`{Newer}` can't be written as `{Self}`, which its `also` names",
    label = "no conversion from `&{Newer}`",
    note = "write `impl From<&{Newer}> for {Self} {{ fn from(event: &{Newer}) -> Self {{ … }} }}`"
)]
pub trait TwinOf<Newer> {
    /// The older version of `event`.
    fn twin_of(event: &Newer) -> Self;
}

#[diagnostic::do_not_recommend]
impl<Newer, E: for<'a> From<&'a Newer>> TwinOf<Newer> for E {
    fn twin_of(event: &Newer) -> Self {
        Self::from(event)
    }
}

/// What is written beside `event`; nothing where the older version is somebody else's.
pub fn also<Newer: DomainEvent, Older: DomainEvent + TwinOf<Newer>>(event: &Newer) -> Also {
    let older = Older::twin_of(event);
    let data = Older::Standing::write_again(&older)?;
    Some(Content::new(&older, data))
}
