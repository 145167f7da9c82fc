//! For schema-check alone: how a program tells which events it links, before its `main` runs.
//!
//! Under the tool-only feature `__discover` every event registers itself from a constructor, and one more constructor,
//! which runs after them, prints the events and answers questions if schema-check started the program. Without the
//! feature nothing of this exists.

#[cfg(feature = "__discover")]
mod answer;
#[cfg(feature = "__discover")]
mod event;
#[cfg(feature = "__discover")]
mod serve;
#[cfg(feature = "__discover")]
mod source;

#[cfg(feature = "__discover")]
pub use event::{Discovered, register};
#[cfg(feature = "__discover")]
pub use source::Source;

/// Registers an event; expands to nothing unless the tool-only feature is on.
#[cfg(not(feature = "__discover"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __discover {
    ($($item:tt)*) => {};
}

/// Registers an event from a constructor that runs before `main`.
///
/// The attribute that places the constructor comes from this macro, so that crates which forbid unsafe code compile.
#[cfg(feature = "__discover")]
#[doc(hidden)]
#[macro_export]
macro_rules! __discover {
    ($event:ty; $($name:ident: $value:expr),* $(,)?) => {
        const _: () = {
            #[allow(clippy::needless_update, reason = "a registration may leave out what it does not know")]
            static __EVENT: $crate::__private::Discovered =
                $crate::__private::Discovered::new::<$event>($crate::__private::Source {
                    file: ::core::file!(),
                    module: ::core::module_path!(),
                    package: ::core::option_env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::option_env!("CARGO_MANIFEST_DIR"),
                    $($name: $value,)*
                    ..$crate::__private::Source::NONE
                });

            extern "C" fn __register() {
                $crate::__private::register(&__EVENT);
            }

            // Runs before the constructor in `serve.rs`: the linkers sort these sections by name.
            #[used]
            #[cfg_attr(
                not(any(target_vendor = "apple", windows)),
                unsafe(link_section = ".init_array.00500")
            )]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
            #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
            static __REGISTER: extern "C" fn() = __register;
        };
    };
}
