//! Edits of Rust types, as schemars tells them: which rules explain them, and in which direction.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]
#![allow(dead_code, unreachable_pub, reason = "the types are there for their schemas")]

#[path = "rules_support/case.rs"]
mod case;

use case::Case;
use schema_check::{Direction, Side};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

fn contracts<T: JsonSchema>() -> [Value; 2] {
    let settings = SchemaSettings::draft2020_12;
    let both = [settings().for_serialize(), settings().for_deserialize()];
    both.map(|settings| settings.into_generator().into_root_schema_for::<T>().to_value())
}

fn edit<Old: JsonSchema, New: JsonSchema>(name: &str, breaks: Vec<Direction>) -> Case {
    Case { name: name.to_owned(), old: contracts::<Old>(), new: contracts::<New>(), breaks }
}

/// `rule@field` of each finding in a direction; every pointer leads somewhere.
fn told(case: &Case, direction: Direction) -> Vec<String> {
    let findings = case.in_direction(direction);
    for finding in &findings {
        assert!(case.pointed(finding).is_some(), "{}: {finding:?} points nowhere", case.name);
        assert!(finding.side == Side::New || !finding.pointer.is_empty(), "{}: {finding:?}", case.name);
    }
    findings.iter().map(|it| format!("{}@{}", it.rule, it.field.as_deref().unwrap_or_default())).collect()
}

/// Old and new items, then what is told backward and forward.
macro_rules! edits {
    ($($name:ident: { $($old:item)+ } => { $($new:item)+ } $backward:tt $forward:tt)+) => {$(
        #[test]
        fn $name() {
            mod old { use super::*; $(#[derive(Serialize, Deserialize, JsonSchema)] $old)+ }
            mod new { use super::*; $(#[derive(Serialize, Deserialize, JsonSchema)] $new)+ }
            let backward: &[&str] = &$backward;
            let forward: &[&str] = &$forward;
            let breaks = [(backward, Direction::Backward), (forward, Direction::Forward)].into_iter();
            let breaks = breaks.filter(|(told, _)| !told.is_empty()).map(|(_, direction)| direction).collect();
            let case = edit::<old::Event, new::Event>(stringify!($name), breaks);
            assert_eq!(told(&case, Direction::Backward), backward, "backward");
            assert_eq!(told(&case, Direction::Forward), forward, "forward");
        }
    )+};
}

edits! {
    an_option_is_additive:
        { pub struct Event { id: String } }
        => { pub struct Event { id: String, coupon: Option<String> } }
        [] []
    a_documented_and_reordered_struct_is_the_same:
        { pub struct Event { id: String, by: By } enum By { Card, Cash } }
        => {
            /** An event. */
            pub struct Event { by: By, /** Its id. */ id: String }
            enum By { Cash, /** By card. */ Card }
        }
        [] []
    a_mandatory_field_breaks_stored_events:
        { pub struct Event { id: String } }
        => { pub struct Event { id: String, warehouse: String } }
        ["field_required_added@warehouse"] []
    a_defaulted_field_is_additive:
        { pub struct Event { id: String } }
        => { pub struct Event { id: String, #[serde(default)] count: u32 } }
        [] []
    an_innocent_option_beside_a_break_is_not_blamed:
        { pub struct Event { id: String, total: i64 } }
        => { pub struct Event { id: String, total: String, coupon: Option<String>, #[serde(default)] tags: Vec<String> } }
        ["field_type_changed@total"] ["field_type_changed@total"]
    a_removed_field_breaks_old_consumers:
        { pub struct Event { id: String, total: i64 } }
        => { pub struct Event { id: String } }
        [] ["field_removed@total"]
    a_removed_option_is_additive:
        { pub struct Event { id: String, note: Option<String> } }
        => { pub struct Event { id: String } }
        [] []
    a_rename_is_one_finding:
        { pub struct Event { id: String, total_cents: i64 } }
        => { pub struct Event { id: String, amount_cents: i64 } }
        ["field_renamed@amount_cents"] ["field_renamed@amount_cents"]
    a_rename_of_a_struct_with_options_is_one_finding:
        { pub struct Event { total: Money } struct Money { cents: i64, note: Option<String> } }
        => { pub struct Event { amount: Money } struct Money { cents: i64, note: Option<String> } }
        ["field_renamed@amount"] ["field_renamed@amount"]
    a_type_renamed_in_rust_means_nothing:
        { pub struct Event { total: Money } struct Money { cents: i64 } }
        => { pub struct Event { total: Amount } struct Amount { cents: i64 } }
        [] []
    nested_structs_are_followed:
        { pub struct Event { lines: Vec<Line> } struct Line { sku: String, price: Money } struct Money { cents: i64 } }
        => { pub struct Event { lines: Vec<Line> } struct Line { sku: String, price: Money } struct Money { cents: u32 } }
        ["integer_narrowed@lines[].price.cents"] []
    a_shared_definition_is_told_once:
        { pub struct Event { total: Money, tax: Money } struct Money { cents: i64 } }
        => { pub struct Event { total: Money, tax: Money } struct Money { cents: i64, currency: String } }
        ["field_required_added@tax.currency"] []
    values_of_maps_are_followed:
        { pub struct Event { prices: std::collections::BTreeMap<String, u64> } }
        => { pub struct Event { prices: std::collections::BTreeMap<String, u32> } }
        ["integer_narrowed@prices.*"] []
    a_map_with_other_keys_has_another_type:
        { pub struct Event { prices: std::collections::BTreeMap<String, u64> } }
        => { pub struct Event { prices: std::collections::BTreeMap<u32, u64> } }
        ["field_type_changed@prices"] []
    an_option_that_becomes_mandatory_breaks_on_null:
        { pub struct Event { note: Option<String> } }
        => { pub struct Event { note: String } }
        ["field_type_changed@note"] []
    a_struct_that_becomes_optional_breaks_old_consumers:
        { pub struct Event { total: Money } struct Money { cents: i64 } }
        => { pub struct Event { total: Option<Money> } struct Money { cents: i64 } }
        [] ["field_type_changed@total"]
    a_field_skipped_when_empty_breaks_old_consumers:
        { pub struct Event { id: String, tags: Vec<String> } }
        => { pub struct Event { id: String, #[serde(default, skip_serializing_if = "Vec::is_empty")] tags: Vec<String> } }
        [] ["field_made_optional@tags"]
    flattened_fields_belong_to_the_struct:
        { pub struct Event { id: String, #[serde(flatten)] total: Money } struct Money { cents: i64 } }
        => { pub struct Event { id: String, #[serde(flatten)] total: Money } struct Money { cents: i64, currency: String } }
        ["field_required_added@currency"] []
    flattening_a_struct_moves_its_fields:
        { pub struct Event { id: String, total: Money } struct Money { cents: i64 } }
        => { pub struct Event { id: String, #[serde(flatten)] total: Money } struct Money { cents: i64 } }
        ["field_required_added@cents"] ["field_removed@total"]
    a_flattened_enum_is_followed:
        { pub struct Event { id: String, #[serde(flatten)] by: By } #[serde(tag = "by")] enum By { Card { last4: String }, Cash } }
        => { pub struct Event { id: String, #[serde(flatten)] by: By } #[serde(tag = "by")] enum By { Card { last4: u16 }, Cash, Coins } }
        ["field_type_changed@last4"] ["field_type_changed@last4", "enum_variant_added@Coins"]
    a_unit_variant_added:
        { pub struct Event { by: By } enum By { Card, Cash } }
        => { pub struct Event { by: By } enum By { Card, Cash, Crypto } }
        [] ["enum_variant_added@by.Crypto"]
    a_unit_variant_renamed:
        { pub struct Event { by: Option<By> } enum By { Card, Cash } }
        => { pub struct Event { by: Option<By> } #[serde(rename_all = "lowercase")] enum By { Card, Cash } }
        ["enum_variant_removed@by.Card", "enum_variant_removed@by.Cash"]
        ["enum_variant_added@by.card", "enum_variant_added@by.cash"]
    variants_told_apart_by_their_key:
        { pub enum Event { Opened, Paid { cents: i64 }, Sent(String), Moved(u8, u8) } }
        => { pub enum Event { Opened, Paid { cents: i32 }, Sent(u64), Closed } }
        ["integer_narrowed@Paid.cents", "field_type_changed@Sent", "enum_variant_removed@Moved"]
        ["enum_variant_added@Closed", "field_type_changed@Sent"]
    variants_told_apart_by_a_tag:
        { #[serde(tag = "type")] pub enum Event { Opened, Paid { cents: i64 }, Sent(Parcel) } struct Parcel { code: String } }
        => { #[serde(tag = "type")] pub enum Event { Opened, Paid { amount: i64 }, Sent(Parcel) } struct Parcel { code: String, weight: u32 } }
        ["field_renamed@amount", "field_required_added@weight"] ["field_renamed@amount"]
    variants_told_apart_by_tag_and_content:
        { #[serde(tag = "t", content = "c")] pub enum Event { Opened, Paid { cents: i64 }, Moved(u8, u8) } }
        => { #[serde(tag = "t", content = "c")] pub enum Event { Opened, Paid { cents: i64 }, Moved(u8, u8, u8) } }
        ["field_type_changed@c"] ["field_type_changed@c"]
    variants_told_apart_by_shape:
        { pub struct Event { by: By } #[serde(untagged)] enum By { Iban(String), Card { last4: String }, Many(Vec<u8>) } }
        => { pub struct Event { by: By } #[serde(untagged)] enum By { Iban(String), Card { last4: String, bank: String }, Wallet { wallet: String } } }
        ["field_required_added@by.bank", "enum_variant_removed@by"] ["enum_variant_added@by"]
    another_tag:
        { #[serde(tag = "type")] pub enum Event { Opened, Paid { cents: i64 } } }
        => { #[serde(tag = "kind")] pub enum Event { Opened, Paid { cents: i64 } } }
        ["tag_changed@"] ["tag_changed@"]
    a_tag_where_there_was_none:
        { pub struct Event { by: By } enum By { Card { last4: String }, Iban(Account) } struct Account { iban: String } }
        => { pub struct Event { by: By } #[serde(tag = "type")] enum By { Card { last4: String }, Iban(Account) } struct Account { iban: String } }
        ["tag_changed@by"] ["tag_changed@by"]
    a_content_key_where_there_was_none:
        { pub struct Event { by: By } #[serde(tag = "type")] enum By { Card { last4: String }, Cash } }
        => { pub struct Event { by: By } #[serde(tag = "type", content = "data")] enum By { Card { last4: String }, Cash } }
        ["tag_changed@by"] ["tag_changed@by"]
    a_unit_variant_that_got_data:
        { pub struct Event { by: By } enum By { Card, Cash } }
        => { pub struct Event { by: By } enum By { Card { last4: String }, Cash } }
        ["field_type_changed@by.Card"] ["field_type_changed@by.Card"]
    denied_unknown_fields_break_on_a_new_field:
        { #[serde(deny_unknown_fields)] pub struct Event { id: String } }
        => { #[serde(deny_unknown_fields)] pub struct Event { id: String, coupon: Option<String> } }
        [] ["unknown_fields_denied@coupon"]
    denied_unknown_fields_break_on_a_removed_field:
        { pub struct Event { id: String, note: Option<String> } }
        => { #[serde(deny_unknown_fields)] pub struct Event { id: String } }
        ["field_removed@note"] []
    recursion_is_followed_once:
        { pub struct Event { value: u32, kids: Vec<Event>, next: Option<Box<Event>> } }
        => { pub struct Event { value: u8, kids: Vec<Event>, next: Option<Box<Event>> } }
        ["integer_narrowed@value"] []
    mutual_recursion_ends:
        { pub struct Event { a: A } struct A { b: Vec<B> } struct B { a: Option<Box<A>>, n: i64 } }
        => { pub struct Event { a: A } struct A { b: Vec<B> } struct B { a: Option<Box<A>>, n: String } }
        ["field_type_changed@a.b[].n"] ["field_type_changed@a.b[].n"]
    floats_hold_integers_and_not_the_reverse:
        { pub struct Event { n: i64 } }
        => { pub struct Event { n: f64 } }
        [] ["field_type_changed@n"]
    any_value_is_wider_than_a_type:
        { pub struct Event { n: Value } }
        => { pub struct Event { n: String } }
        ["field_type_changed@n"] []
    a_newtype_is_what_it_wraps:
        { pub struct Event { id: Id } struct Id(u64); }
        => { pub struct Event { id: Id } struct Id(String); }
        ["field_type_changed@id"] ["field_type_changed@id"]
    a_tuple_grows:
        { pub struct Event { at: (u8, u8) } }
        => { pub struct Event { at: (u8, u8, u8) } }
        ["field_type_changed@at"] ["field_type_changed@at"]
    items_of_tuples_are_followed:
        { pub struct Event { at: (u8, u32) } }
        => { pub struct Event { at: (u8, u16) } }
        ["integer_narrowed@at[1]"] []
    a_wide_unsigned_is_not_in_a_wide_signed:
        { pub struct Event { n: u128 } }
        => { pub struct Event { n: i128 } }
        ["integer_narrowed@n"] ["integer_widened@n"]
}
