//! For schema-check alone: how a binary tells which events it links.

/// Registers an event; expands to nothing unless the tool-only feature is on.
#[doc(hidden)]
#[macro_export]
macro_rules! __discover {
    ($($item:tt)*) => {};
}
