//! What somebody does who has a store, but no handlers: an operator, or a tool of one.

mod letters;
mod rebuild;
mod streams;

pub use letters::Outcome;
pub(super) use letters::discard;
pub use rebuild::{Rebuild, RebuildError, Rebuilt, StartAt};

/// Somebody who decides about events without being able to apply them: the running consumer does that. What is decided is
/// written into the audit.
///
/// ```
/// use event_core::SystemClock;
/// use event_core::runtime::Operator;
/// use event_core::testing::MemoryStore;
///
/// let operator = Operator::new(MemoryStore::new(SystemClock)).by("ada");
/// # drop(operator);
/// ```
#[derive(Debug, Clone)]
pub struct Operator<S> {
    store: S,
    by: Option<String>,
}

impl<S> Operator<S> {
    /// An operator on the tables in `store`.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store, by: None }
    }

    /// Whom the audit names.
    #[must_use]
    pub fn by(mut self, name: impl Into<String>) -> Self {
        self.by = Some(name.into());
        self
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }
}
