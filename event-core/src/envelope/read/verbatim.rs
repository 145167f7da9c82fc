//! A value that is known to be JSON, kept as it stands without being parsed again.

use std::iter::once;

use serde::de::value::{Error, MapDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

/// `json` as it stands. Whoever calls this has found it to be JSON.
pub(super) fn verbatim(json: &str) -> Box<RawValue> {
    let parsed_again = || RawValue::from_string(json.to_owned()).expect("a scanned value is JSON");
    Box::deserialize(Verbatim(json)).unwrap_or_else(|_: Error| parsed_again())
}

/// Answers as serde_json's own deserializers do when they are asked for a raw value: with a map of one entry, whose name is
/// the one that was asked for. Should that ever change, the value is parsed again.
struct Verbatim<'a>(&'a str);

impl<'de> Deserializer<'de> for Verbatim<'de> {
    type Error = Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(once((name, self.0))))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a raw value is asked for by its name"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Only what isn't parsed again can be no JSON.
    #[test]
    fn a_raw_value_is_made_without_parsing() {
        assert_eq!(Box::<RawValue>::deserialize(Verbatim("no JSON")).unwrap().get(), "no JSON");
    }
}
