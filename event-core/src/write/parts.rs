//! Lists and structs, whose parts are checked one by one.

use serde::ser::{
    Serialize, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};

use super::finite::Finite;
use super::place::{Place, Step};

/// A value of several parts, and how far it was written.
pub(super) struct Parts<'a, C> {
    inner: C,
    place: &'a Place,
    /// The variant, where the text has its name around the parts.
    variant: Option<&'static str>,
    /// How many items of a list were written.
    at: usize,
}

impl<'a, C> Parts<'a, C> {
    #[inline]
    pub(super) fn new(inner: C, place: &'a Place, variant: Option<&'static str>) -> Self {
        Self { inner, place, variant, at: 0 }
    }

    #[cold]
    #[inline(never)]
    fn failed(&self, step: Step) {
        self.place.passed(step);
        self.variant.into_iter().for_each(|variant| self.place.passed(Step::Name(variant.into())));
    }

    #[inline]
    fn item<T: Serialize + ?Sized, E>(
        &mut self,
        value: &T,
        write: impl FnOnce(&mut C, &Finite<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let written = write(&mut self.inner, &Finite { value, place: self.place });
        let written = written.inspect_err(|_| self.failed(Step::Item(self.at)));
        self.at += 1;
        written
    }

    #[inline]
    fn field<T: Serialize + ?Sized, E>(
        &mut self,
        name: &'static str,
        value: &T,
        write: impl FnOnce(&mut C, &Finite<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let written = write(&mut self.inner, &Finite { value, place: self.place });
        written.inspect_err(|_| self.failed(Step::Name(name.into())))
    }
}

/// Traits of serde whose parts have no names.
macro_rules! items {
    ($($kind:ident::$method:ident),*) => {
        $(
            impl<C: $kind> $kind for Parts<'_, C> {
                type Ok = C::Ok;
                type Error = C::Error;

                #[inline]
                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
                    self.item(value, |inner, value| inner.$method(value))
                }

                #[inline]
                fn end(self) -> Result<C::Ok, C::Error> {
                    self.inner.end()
                }
            }
        )*
    };
}

/// Traits of serde whose parts have names.
macro_rules! fields {
    ($($kind:ident),*) => {
        $(
            impl<C: $kind> $kind for Parts<'_, C> {
                type Ok = C::Ok;
                type Error = C::Error;

                #[inline]
                fn serialize_field<T: Serialize + ?Sized>(
                    &mut self,
                    name: &'static str,
                    value: &T,
                ) -> Result<(), C::Error> {
                    self.field(name, value, |inner, value| inner.serialize_field(name, value))
                }

                #[inline]
                fn skip_field(&mut self, name: &'static str) -> Result<(), C::Error> {
                    self.inner.skip_field(name)
                }

                #[inline]
                fn end(self) -> Result<C::Ok, C::Error> {
                    self.inner.end()
                }
            }
        )*
    };
}

items! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
}
fields! { SerializeStruct, SerializeStructVariant }
