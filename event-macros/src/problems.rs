//! Collects every mistake of an item, so that one compile reports them all.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::Span;
use syn::Error;

/// The mistakes found so far. Must be checked before anything is expanded.
pub(crate) struct Problems {
    found: RefCell<Option<Vec<Error>>>,
}

impl Default for Problems {
    fn default() -> Self {
        Self { found: RefCell::new(Some(Vec::new())) }
    }
}

impl Problems {
    /// Adds a mistake at `span`.
    pub(crate) fn at(&self, span: Span, message: impl Display) {
        self.push(Error::new(span, message));
    }

    /// Adds a mistake.
    pub(crate) fn push(&self, error: Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.push(error);
        }
    }

    /// Keeps the value, or adds the mistake.
    pub(crate) fn keep<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// All mistakes in one error, or none.
    pub(crate) fn check(self) -> syn::Result<()> {
        let found = self.found.borrow_mut().take().unwrap_or_default();
        found
            .into_iter()
            .reduce(|mut all, error| {
                all.combine(error);
                all
            })
            .map_or(Ok(()), Err)
    }
}

impl Drop for Problems {
    fn drop(&mut self) {
        debug_assert!(
            std::thread::panicking() || self.found.borrow().is_none(),
            "the collected problems were never checked"
        );
    }
}
