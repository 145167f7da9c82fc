//! Writes a program of all cases: one module for each side.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Item, Visibility, parse_quote};

use crate::cases::Case;

/// The program; running it makes every schema.
pub(crate) fn program(cases: &[Case]) -> String {
    let sides = cases.iter().flat_map(|case| [side(&case.name, "old", &case.old), side(&case.name, "new", &case.new)]);
    let modules: Vec<Side> = sides.collect();
    let (bodies, checks) = (modules.iter().map(|side| &side.body), modules.iter().map(|side| &side.check));
    let file = syn::parse2(quote! {
        #![allow(dead_code, unused_imports, non_camel_case_types)]

        #(#bodies)*

        fn check<E: event_core::DomainEvent + schemars::JsonSchema>(event_type: &str) {
            assert_eq!(E::EVENT_TYPE, event_type);
            let settings = schemars::generate::SchemaSettings::draft2020_12;
            for settings in [settings().for_serialize(), settings().for_deserialize()] {
                let schema = settings.into_generator().into_root_schema_for::<E>();
                assert!(schema.as_value().is_object(), "{event_type}");
            }
        }

        fn main() {
            #(#checks)*
        }
    });
    prettyplease::unparse(&file.expect("the program is a file of Rust"))
}

struct Side {
    body: TokenStream,
    check: TokenStream,
}

fn side(name: &str, side: &str, items: &str) -> Side {
    let (module, event_type) = (format_ident!("{name}_{side}"), format!("exam.{name}.{side}"));
    let items = syn::parse_file(items).unwrap_or_else(|error| panic!("{name}: {error}")).items;
    let items = items.into_iter().map(|item| compiled(item, &event_type));
    Side {
        body: quote! {
            mod #module {
                use std::borrow::Cow;
                use std::collections::*;
                use std::net::*;
                use std::num::*;
                use std::path::PathBuf;
                use std::sync::Arc;
                use std::time::Duration;

                use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
                use event_core::DomainEvent;
                use rust_decimal::Decimal;
                use schemars::JsonSchema;
                use serde::{Deserialize, Serialize};
                use serde_json::Value;
                use uuid::Uuid;

                #(#items)*
            }
        },
        check: quote!(check::<#module::E>(#event_type);),
    }
}

/// The item with its derives, public.
fn compiled(mut item: Item, event_type: &str) -> Item {
    let (attributes, visibility, ident) = match &mut item {
        Item::Struct(item) => (&mut item.attrs, &mut item.vis, &item.ident),
        Item::Enum(item) => (&mut item.attrs, &mut item.vis, &item.ident),
        _ => return item,
    };
    *visibility = Visibility::Public(parse_quote!(pub));
    if take_plain(attributes) {
        return item;
    }
    let is_event = ident == "E";
    attributes.insert(0, parse_quote!(#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]));
    if is_event {
        attributes.insert(1, parse_quote!(#[derive(DomainEvent)]));
        attributes.push(parse_quote!(#[event(type = #event_type, version = 1, keyless)]));
    }
    item
}

fn take_plain(attributes: &mut Vec<Attribute>) -> bool {
    let before = attributes.len();
    attributes.retain(|attribute| !attribute.path().is_ident("plain"));
    attributes.len() < before
}
