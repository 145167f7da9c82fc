//! A serializer that refuses what JSON has no number for, and leaves everything else to the one within.

use std::fmt::Display;

use serde::ser::{Error as _, Serialize, Serializer};

use super::entries::Entries;
use super::parts::Parts;
use super::place::{Place, Step};

/// A value that is written through [`Checked`].
pub(super) struct Finite<'a, T: ?Sized> {
    pub(super) value: &'a T,
    pub(super) place: &'a Place,
}

impl<T: Serialize + ?Sized> Serialize for Finite<'_, T> {
    #[inline]
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Checked { inner, place: self.place })
    }
}

/// Refuses NaN and infinities.
pub(super) struct Checked<'a, S> {
    inner: S,
    place: &'a Place,
}

impl<'a, S: Serializer> Checked<'a, S> {
    #[cold]
    #[inline(never)]
    fn refused(&self, value: impl Display) -> S::Error {
        self.place.begin();
        S::Error::custom(format_args!("{value} is no number of JSON; use an `Option`, and `None` for it"))
    }

    #[inline]
    fn parts<C>(
        self,
        variant: Option<&'static str>,
        open: impl FnOnce(S) -> Result<C, S::Error>,
    ) -> Result<Parts<'a, C>, S::Error> {
        Ok(Parts::new(open(self.inner)?, self.place, variant))
    }
}

/// Methods that hand one value on.
macro_rules! hand_on {
    ($($method:ident: $kind:ty),* $(,)?) => {
        $(
            #[inline]
            fn $method(self, value: $kind) -> Result<S::Ok, S::Error> {
                self.inner.$method(value)
            }
        )*
    };
}

/// Methods that open a value of several parts.
macro_rules! open {
    ($($method:ident -> $parts:ident ($($argument:ident: $kind:ty),*) in $variant:expr;)*) => {
        $(
            #[inline]
            fn $method(self, $($argument: $kind),*) -> Result<Self::$parts, S::Error> {
                self.parts($variant, |inner| inner.$method($($argument),*))
            }
        )*
    };
}

impl<'a, S: Serializer> Serializer for Checked<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Parts<'a, S::SerializeSeq>;
    type SerializeTuple = Parts<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Parts<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Parts<'a, S::SerializeTupleVariant>;
    type SerializeMap = Entries<'a, S::SerializeMap>;
    type SerializeStruct = Parts<'a, S::SerializeStruct>;
    type SerializeStructVariant = Parts<'a, S::SerializeStructVariant>;

    hand_on! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_unit_struct: &'static str,
    }

    open! {
        serialize_seq -> SerializeSeq(len: Option<usize>) in None;
        serialize_tuple -> SerializeTuple(len: usize) in None;
        serialize_tuple_struct -> SerializeTupleStruct(name: &'static str, len: usize) in None;
        serialize_tuple_variant -> SerializeTupleVariant(name: &'static str, index: u32, variant: &'static str, len: usize) in Some(variant);
        serialize_struct -> SerializeStruct(name: &'static str, len: usize) in None;
        serialize_struct_variant -> SerializeStructVariant(name: &'static str, index: u32, variant: &'static str, len: usize) in Some(variant);
    }

    #[inline]
    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Entries::new(self.inner.serialize_map(len)?, self.place))
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        if value.is_finite() { self.inner.serialize_f32(value) } else { Err(self.refused(value)) }
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        if value.is_finite() { self.inner.serialize_f64(value) } else { Err(self.refused(value)) }
    }

    #[inline]
    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Finite { value, place: self.place })
    }

    #[inline]
    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    #[inline]
    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_struct(name, &Finite { value, place: self.place })
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = Finite { value, place: self.place };
        let written = self.inner.serialize_newtype_variant(name, index, variant, &value);
        written.inspect_err(|_| self.place.passed(Step::Name(variant.into())))
    }

    #[inline]
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}
