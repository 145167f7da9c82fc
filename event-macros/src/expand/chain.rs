//! What a step says of the older version, checked by the compiler: its event type, and that no version is between.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Path;
use syn::spanned::Spanned as _;

use crate::model::{EventModel, path_text};

use super::upcast::older;
use super::{at, number};

/// One constant per check, each with its message.
pub(super) fn checks(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let Some(from) = model.attrs.from.given() else {
        return TokenStream::new();
    };
    let (older, version, older_type) = (older(from, private), number(model.version()), model.older_type());
    let (gap, other) = (gap(model, &path_text(from)), other_type(model, &path_text(from)));
    let renamed = !model.attrs.was.is_missing();
    quote_spanned! {at(last_word(from))=>
        const _: () = ::core::assert!(#older.is_below(#version, #renamed), #gap);
        const _: () = ::core::assert!(#older.is_of(#older_type), #other);
    }
}

/// Two tokens have no common place on stable Rust: of `v1::OrderPlaced` the last says the most.
pub(super) fn last_word(path: &Path) -> Span {
    path.segments.last().map_or_else(|| path.span(), |segment| segment.ident.span())
}

fn gap(model: &EventModel<'_>, older: &str) -> String {
    let (ident, version) = (model.ident, model.version());
    let before = version.saturating_sub(1);
    format!(
        "gap between versions: `{ident}` is version {version} and `{older}` is not version {before}; write `from` with version {before}"
    )
}

fn other_type(model: &EventModel<'_>, older: &str) -> String {
    let (ident, event_type) = (model.ident, model.event_type());
    match model.attrs.was.given() {
        None => format!(
            "`{ident}` is `{event_type}` and `{older}` is of another event type; if the type was renamed, add `was = \"old.type\"`"
        ),
        Some(was) => {
            format!("`{older}` is not of the event type `{}`; write in `was` the event type that it has", was.value)
        }
    }
}
