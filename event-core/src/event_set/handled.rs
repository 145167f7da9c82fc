//! Which events a consumer handles, as a constant.

use crate::upcast::chain::same_type;

/// A wire type that a consumer handles, with a hash: sets are compared by the compiler, which takes long over texts.
#[derive(Debug, Clone, Copy)]
pub struct Handled {
    event_type: &'static str,
    pub(super) hash: u64,
}

/// The events of a consumer whose handlers take the context `Cx`, or none, `()`. Implemented by `#[event_handlers]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no event handlers",
    label = "no event handlers",
    note = "put `#[event_handlers(consumer = \"…\")]` on `impl {Self}`, and `#[on]` on its handlers"
)]
pub trait HandlesEvents<Cx> {
    /// Their wire types, in the order of the handlers.
    const EVENTS: &'static [Handled];
}

/// The events of a consumer. Its context is inferred: a type with handlers for several can't be asked.
#[must_use]
pub const fn events_of<H: HandlesEvents<Cx>, Cx>() -> &'static [Handled] {
    H::EVENTS
}

/// What the output of `#[event_handlers]` says of an event.
#[must_use]
pub const fn handled(event_type: &'static str) -> Handled {
    Handled { event_type, hash: hash(event_type.as_bytes()) }
}

impl Handled {
    /// An event or a consumer with mistakes, which has no wire type: no second error comes of it.
    pub const BROKEN: Self = handled("");

    pub(super) const fn event_type(&self) -> &'static str {
        self.event_type
    }

    /// Whether it is the same event. Of two hashes that differ it is not asked.
    pub(super) const fn is(&self, other: &Self) -> bool {
        same_type(self.event_type, other.event_type) && !self.is_broken()
    }

    pub(super) const fn is_broken(&self) -> bool {
        self.event_type.is_empty()
    }
}

/// FNV-1a.
const fn hash(text: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut rest = text;
    while let [byte, next @ ..] = rest {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0100_0000_01b3);
        rest = next;
    }
    hash
}
