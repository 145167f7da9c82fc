//! A field that moves from the older version unchanged.

/// A type that is the same in both versions. Never another: a conversion is written out.
#[diagnostic::on_unimplemented(
    message = "the field has the type `{New}`, and `{Self}` in the older version",
    label = "its type has changed",
    note = "write above the field how it comes: `#[event(added = …)]`, where `old` is the older version by reference"
)]
pub trait SameAs<New> {
    /// The value itself.
    fn same(self) -> New;
}

#[diagnostic::do_not_recommend]
impl<T> SameAs<T> for T {
    fn same(self) -> T {
        self
    }
}

/// A second impl that nobody meets: with a single one the compiler would infer the new type from the old, and report a
/// mismatch in its own words.
#[derive(Debug)]
pub enum Never {}

impl SameAs<Never> for &Never {
    fn same(self) -> Never {
        match *self {}
    }
}

/// Moves the value of a field.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is a move, in debug builds as well")]
pub fn moved<New, Old: SameAs<New>>(old: Old) -> New {
    old.same()
}
