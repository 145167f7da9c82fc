//! One obstacle: something that the one side writes and the other can't read.

use super::pointer;
use super::scalars::Range;
use crate::finding::{Direction, Place, Role, Side, Subject};
use serde_json::Value;

/// Two places that face each other, one in what is written, one in what is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    /// Into the schema of the side that writes.
    pub(crate) written: String,
    /// Into the schema of the side that reads.
    pub(crate) read: String,
    /// The way there on the wire: `total.currency`, `lines[].sku`, `prices.*`.
    pub(crate) path: String,
}

/// An obstacle at a spot.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) direction: Direction,
    /// The pair of schemas that shows the obstacle by itself.
    pub(crate) scope: Spot,
    /// Where to point.
    pub(crate) spot: Spot,
    pub(crate) what: What,
}

/// How enum variants are told apart on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tagging {
    /// `{"Card": {…}}`
    External,
    /// `{"type": "Card", …}`, with the content under a key of its own or beside the tag.
    Key { tag: String, content: Option<String> },
    /// By shape.
    Untagged,
}

/// What is in the way.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// The reader needs a key that is never written.
    Unwritten,
    /// The reader needs a key that isn't always written.
    SometimesAbsent,
    /// The reader needs a key that is written under another name.
    Renamed { written: String, read: String },
    /// The reader refuses a declared key.
    Refused,
    /// The reader refuses keys that nobody declared.
    ExtraRefused,
    /// The types differ.
    Type { written: String, read: String },
    /// Null is written and not read.
    Null,
    /// A format of strings is read that isn't promised.
    Format { written: Option<String>, read: String },
    /// More integers are written than read.
    Integers { written: Range, read: Range },
    /// A bound or a pattern is tighter where it is read.
    Constraint { keyword: &'static str, written: Option<String>, read: String },
    /// A variant is written that the reader doesn't know.
    Variant { name: String },
    /// A variant has data on one side only.
    VariantData { written: bool },
    /// Variants are told apart in another way.
    Tag { written: Tagging, read: Tagging },
}

impl Change {
    /// The place in the schema that is new.
    pub(crate) fn new_place(&self) -> Place {
        match self.direction {
            Direction::Backward => self.read_place(),
            Direction::Forward => self.written_place(),
        }
    }

    /// The place in the schema that is old.
    pub(crate) fn old_place(&self) -> Place {
        match self.direction {
            Direction::Backward => self.written_place(),
            Direction::Forward => self.read_place(),
        }
    }

    /// The same obstacle, with pointers that lead somewhere in the schemas as they were given.
    pub(crate) fn standing_in(mut self, written: &Value, read: &Value) -> Self {
        self.spot.written = pointer::standing(written, self.spot.written);
        self.spot.read = pointer::standing(read, self.spot.read);
        self
    }

    /// `(old, new)` of what is written and what is read.
    pub(crate) fn old_and_new<T>(&self, written: T, read: T) -> (T, T) {
        match self.direction {
            Direction::Backward => (written, read),
            Direction::Forward => (read, written),
        }
    }

    pub(crate) fn is_backward(&self) -> bool {
        self.direction == Direction::Backward
    }

    /// What to call the place in a message: the field, or the event itself.
    pub(crate) fn field(&self, subject: &Subject<'_>) -> String {
        subject.part(&self.spot.path)
    }

    fn written_place(&self) -> Place {
        let side = if self.is_backward() { Side::Old } else { Side::New };
        Place { side, role: Role::Writer, pointer: self.spot.written.clone() }
    }

    fn read_place(&self) -> Place {
        let side = if self.is_backward() { Side::New } else { Side::Old };
        Place { side, role: Role::Reader, pointer: self.spot.read.clone() }
    }
}
