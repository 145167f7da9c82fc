//! The key of an event: what orders it, within its aggregate.

use std::fmt::{self, Display};

/// The text of an event's key, CloudEvents' `subject`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventKey(String);

impl EventKey {
    /// The key as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for EventKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of an event, or none.
#[doc(hidden)]
pub type Key = Option<EventKey>;

/// What can be a key, or a part of one. Implemented for all that is `Display`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the key of an event",
    label = "not a key",
    note = "a key is written by `Display`: implement it for `{Self}`, or name a function with `key = self::function`"
)]
pub trait KeyPart {
    /// Appends the text of this part.
    fn write_key(&self, out: &mut String);
}

#[diagnostic::do_not_recommend]
impl<T: Display> KeyPart for T {
    fn write_key(&self, out: &mut String) {
        use fmt::Write;
        write!(out, "{self}").expect("writing to a string never fails");
    }
}

/// The key of one part, as it is.
#[doc(hidden)]
pub fn single(part: &impl KeyPart) -> Key {
    let mut out = String::new();
    part.write_key(&mut out);
    Some(EventKey(out))
}

/// The key of several parts, joined by `/`; in them `%` becomes `%25`, then `/` becomes `%2F`.
#[doc(hidden)]
pub fn joined(parts: &[&dyn KeyPart]) -> Key {
    let texts = parts.iter().map(|part| {
        let mut text = String::new();
        part.write_key(&mut text);
        text.replace('%', "%25").replace('/', "%2F")
    });
    Some(EventKey(texts.collect::<Vec<_>>().join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_hold_the_separator_stay_apart() {
        let joined_text = |a: &str, b: &str| joined(&[&a, &b]).expect("there are parts").to_string();
        assert_eq!(joined_text("a/b", "c"), "a%2Fb/c");
        assert_eq!(joined_text("a", "b/c"), "a/b%2Fc");
        assert_eq!(joined_text("100%", "%2F"), "100%25/%252F");
    }

    #[test]
    fn a_single_key_stays_as_it_is() {
        assert_eq!(single(&"a/b%").expect("there is a part").as_str(), "a/b%");
    }
}
