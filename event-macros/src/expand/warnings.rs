//! Warnings, which a macro on stable Rust can't give by itself: the use of a deprecated constant, at the place that it is
//! about. An event without hazards has none of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::at;
use crate::hazards::Hazard;
use crate::model::{EventModel, plain};

/// One constant for each hazard.
pub(super) fn all(model: &EventModel<'_>, hazards: &[Hazard]) -> TokenStream {
    hazards.iter().map(|hazard| warning(model, hazard)).collect()
}

/// The compiler prints the name of the constant and the note. It says nothing of deprecated things in what a derive wrote:
/// the use has the very place of the user's token.
fn warning(model: &EventModel<'_>, hazard: &Hazard) -> TokenStream {
    let named = |span: Span| Ident::new(&hazard.about, span);
    let (name, used, note) = (named(at(hazard.span)), named(hazard.span), note(model, hazard));
    quote_spanned! {at(hazard.span)=>
        const _: () = {
            #[deprecated(note = #note)]
            const #name: () = ();
            #used
        };
    }
}

fn note(model: &EventModel<'_>, hazard: &Hazard) -> String {
    let part = match (&hazard.variant, &hazard.field) {
        (Some(variant), Some(field)) => format!("{variant}::{field}"),
        (Some(part), None) | (None, Some(part)) => part.clone(),
        (None, None) => plain(model.ident),
    };
    let Hazard { what, help, .. } = hazard;
    format!("`{part}` {what}; {help}; `#[allow(deprecated)]` says that it is meant so")
}
