//! A value that an attribute may give once.

use syn::ext::IdentExt;
use syn::{Error, Ident};

/// Whether the attribute was written, and well.
#[derive(Default)]
pub(crate) enum Slot<T> {
    /// It wasn't written.
    #[default]
    Missing,
    /// It was written badly, which has been reported.
    Broken,
    /// What was written.
    Given(T),
}

impl<T> Slot<T> {
    /// Takes what `name` gave; a second time is a mistake.
    pub(crate) fn fill(&mut self, name: &Ident, value: syn::Result<T>) -> syn::Result<()> {
        if !self.is_missing() {
            return Err(Error::new(name.span(), format!("duplicate `{}`; keep one", name.unraw())));
        }
        match value {
            Ok(value) => {
                *self = Self::Given(value);
                Ok(())
            }
            Err(error) => {
                *self = Self::Broken;
                Err(error)
            }
        }
    }

    /// Notes that it was meant, and that the mistake was reported.
    pub(crate) fn meant(&mut self) {
        if self.is_missing() {
            *self = Self::Broken;
        }
    }

    /// Whether it wasn't written at all.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// What was written well.
    pub(crate) fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Missing | Self::Broken => None,
        }
    }
}
