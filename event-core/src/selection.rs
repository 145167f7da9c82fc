//! Which letters somebody means.

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::backlog::{Class, Letter, Place};
use crate::clock::Timestamp;

/// Which letters somebody means: those to which all that is set applies.
///
/// ```
/// use event_core::{Class, Selection};
///
/// let selection = Selection::dead_letters().consumer("billing").class(Class::Schema).error("missing field `total`");
/// assert_eq!(selection.event_type, None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Of this consumer.
    pub consumer: Option<String>,
    /// At this place.
    pub place: Option<Place>,
    /// Whose failure is of this kind.
    pub class: Option<Class>,
    /// Of this wire type.
    pub event_type: Option<String>,
    /// Of this partition key, `order/o-1`, or of what stands behind its first slash, `o-1`.
    pub key: Option<String>,
    /// With this text in the error or in one of its causes.
    pub error: Option<String>,
    /// That came then or later.
    pub since: Option<Timestamp>,
    /// That came earlier than this.
    pub before: Option<Timestamp>,
}

impl Selection {
    /// Every letter.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Every dead letter.
    #[must_use]
    pub fn dead_letters() -> Self {
        Self::all().place(Place::DeadLetter)
    }

    /// Only those of this consumer.
    #[must_use]
    pub fn consumer(mut self, name: impl Into<String>) -> Self {
        self.consumer = Some(name.into());
        self
    }

    /// Only those at this place.
    #[must_use]
    pub fn place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Only those whose failure is of this kind.
    #[must_use]
    pub fn class(mut self, class: Class) -> Self {
        self.class = Some(class);
        self
    }

    /// Only those of this wire type.
    #[must_use]
    pub fn event_type(mut self, event_type: impl Into<String>) -> Self {
        self.event_type = Some(event_type.into());
        self
    }

    /// Only those of this partition key, `order/o-1`, or of what stands behind its first slash, `o-1`.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Only those with this text in the error or in one of its causes, letter for letter.
    #[must_use]
    pub fn error(mut self, text: impl Into<String>) -> Self {
        self.error = Some(text.into());
        self
    }

    /// Only those that came then or later.
    #[must_use]
    pub fn since(mut self, time: Timestamp) -> Self {
        self.since = Some(time);
        self
    }

    /// Only those that came earlier than this.
    #[must_use]
    pub fn before(mut self, time: Timestamp) -> Self {
        self.before = Some(time);
        self
    }

    /// Whether `letter` is one of them.
    #[must_use]
    pub fn holds(&self, letter: &Letter) -> bool {
        fn fits<T: PartialEq + ?Sized>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none() || wanted == found
        }
        fits(self.consumer.as_ref(), Some(&letter.consumer))
            && fits(self.place.as_ref(), Some(&letter.place))
            && fits(self.class.as_ref(), letter.class.as_ref())
            && fits(self.event_type.as_ref(), letter.event_type.as_ref())
            && self
                .key
                .as_ref()
                .is_none_or(|key| letter.partition_key.as_ref().is_some_and(|of| is_key(of.as_str(), key)))
            && self.error.as_ref().is_none_or(|text| letter.errors.iter().any(|error| error.contains(text)))
            && self.since.is_none_or(|since| letter.since >= since)
            && self.before.is_none_or(|before| letter.since < before)
    }
}

fn is_key(partition_key: &str, wanted: &str) -> bool {
    partition_key == wanted || partition_key.split_once('/').is_some_and(|(_, key)| key == wanted)
}

/// As a store binds it: words as they stand in a database, and times in microseconds.
impl Serialize for Selection {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let texts = [
            ("consumer", self.consumer.as_deref()),
            ("place", self.place.map(Place::as_str)),
            ("class", self.class.map(Class::as_str)),
            ("event_type", self.event_type.as_deref()),
            ("key", self.key.as_deref()),
            ("error", self.error.as_deref()),
        ];
        for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text?))) {
            map.serialize_entry(name, text)?;
        }
        for (name, time) in [("since", self.since), ("before", self.before)] {
            if let Some(time) = time {
                map.serialize_entry(name, &time.unix_micros())?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::backlog::LetterId;

    fn letter() -> Letter {
        let since = Timestamp::from_unix_micros(10);
        let mut letter = Letter::new(LetterId::new(1), "billing", Place::DeadLetter, Vec::new(), since);
        letter.partition_key = Some("order/o-1".to_owned().into());
        letter.event_type = Some("order.placed".to_owned());
        letter.class = Some(Class::Schema);
        letter.errors = vec!["cannot charge".to_owned(), "card 100% gone".to_owned()];
        letter
    }

    #[test]
    fn a_letter_is_meant_when_all_that_is_set_applies() {
        let at = Timestamp::from_unix_micros;
        let all = Selection::dead_letters()
            .consumer("billing")
            .class(Class::Schema)
            .event_type("order.placed")
            .key("o-1")
            .error("100% gone")
            .since(at(10))
            .before(at(11));
        assert!(all.holds(&letter()));
        assert!(all.clone().key("order/o-1").holds(&letter()));
        let others = [
            all.clone().consumer("shipping"),
            all.clone().place(Place::Retry),
            all.clone().class(Class::Transient),
            all.clone().event_type("order"),
            all.clone().key("o-11"),
            all.clone().error("100_ gone"),
            all.clone().since(at(11)),
            all.clone().before(at(10)),
        ];
        for other in others {
            assert!(!other.holds(&letter()), "{other:?}");
        }
    }

    #[test]
    fn a_store_gets_what_is_set() {
        let text = serde_json::to_string(&Selection::dead_letters().before(Timestamp::from_unix_micros(7))).unwrap();
        assert_eq!(text, r#"{"place":"dead_letter","before":7}"#);
    }
}
