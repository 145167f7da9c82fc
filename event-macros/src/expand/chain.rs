//! What a step says of the older version, checked by the compiler: its event type, and that no version is between.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

use crate::model::{EventModel, path_text, plain};

use super::upcast::older;
use super::{at, number};

/// One constant; the messages are put together in `event_core`.
pub(super) fn checks(model: &EventModel<'_>, private: &TokenStream) -> TokenStream {
    let Some(from) = model.attrs.from.given() else {
        return TokenStream::new();
    };
    let (older, newer) = (older(from, private), newer(model, from, private));
    quote_spanned!(at(last_word(from))=> const _: () = #older.check_step(#newer);)
}

/// What a check is told: of the event, and how the older version was named.
pub(super) fn newer(model: &EventModel<'_>, older: &Path, private: &TokenStream) -> TokenStream {
    let (ident, older, version) = (plain(model.ident), path_text(older), number(model.version()));
    let was = model.attrs.was.given().map_or("", |was| &was.value);
    let event_type = model.event_type();
    quote!(#private::newer(#ident, #older, #version, #event_type, #was))
}

/// Two tokens have no common place on stable Rust: of `v1::OrderPlaced` the last says the most.
pub(crate) fn last_word(path: &Path) -> Span {
    path.segments.last().map_or_else(|| path.span(), |segment| segment.ident.span())
}
