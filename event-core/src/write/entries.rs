//! Maps, whose values are checked one by one. Keys are left to the one within, which refuses what can't be one.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap};

use super::finite::Finite;
use super::place::{Place, Step};

/// A map, and how far it was written.
pub(super) struct Entries<'a, C> {
    inner: C,
    place: &'a Place,
    /// The key that was written without its value.
    key: Option<String>,
}

impl<'a, C> Entries<'a, C> {
    #[inline]
    pub(super) fn new(inner: C, place: &'a Place) -> Self {
        Self { inner, place, key: None }
    }

    #[cold]
    #[inline(never)]
    fn failed(&self, key: Option<String>) {
        self.place.passed(Step::Name(Cow::Owned(key.unwrap_or_default())));
    }
}

/// The key as JSON has it. It is asked for after a failure, or where a key comes without its value.
fn text<K: Serialize + ?Sized>(key: &K) -> Option<String> {
    let text = serde_json::to_string(key).ok()?;
    Some(serde_json::from_str::<String>(&text).unwrap_or(text))
}

impl<C: SerializeMap> SerializeMap for Entries<'_, C> {
    type Ok = C::Ok;
    type Error = C::Error;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), C::Error> {
        self.key = text(key);
        self.inner.serialize_key(key)
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), C::Error> {
        let written = self.inner.serialize_value(&Finite { value, place: self.place });
        let key = self.key.take();
        written.inspect_err(|_| self.failed(key))
    }

    #[inline]
    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), C::Error> {
        self.inner.serialize_key(key)?;
        let written = self.inner.serialize_value(&Finite { value, place: self.place });
        written.inspect_err(|_| self.failed(text(key)))
    }

    #[inline]
    fn end(self) -> Result<C::Ok, C::Error> {
        self.inner.end()
    }
}
