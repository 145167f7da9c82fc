//! Each reason, and what is near it and fine.

use super::*;

/// What is warned of in an item: what it is about, the part, and the sentence.
fn told(item: &str) -> Vec<String> {
    let item = syn::parse_str(item).expect("the item is one of Rust");
    told_of(&item, false)
}

fn told_of(item: &DeriveInput, is_foreign: bool) -> Vec<String> {
    let text = |hazard: &Hazard| {
        let part = [hazard.variant.as_deref(), hazard.field.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        format!(
            "{} on {}: {}",
            hazard.about,
            if part.is_empty() { "the item".to_owned() } else { part.join(".") },
            hazard.what
        )
    };
    of(item, false, is_foreign).iter().map(text).collect()
}

fn fine(item: &str) {
    assert_eq!(told(item), Vec::<String>::new(), "{item}");
}

/// One hazard whose text begins so.
fn unsafe_by(item: &str, begins: &str) {
    let told = told(item);
    assert!(matches!(told.as_slice(), [one] if one.starts_with(begins)), "{item}: {told:?}, not `{begins}`");
}

#[test]
fn what_is_left_out_needs_a_default() {
    let begins = "skip_serializing_if on a: is left out";
    unsafe_by(r#"struct E { #[serde(skip_serializing_if = "f")] a: Vec<u8> }"#, begins);
    unsafe_by(
        r#"struct E { #[serde(skip_serializing_if = "f", deserialize_with = "g")] #[schemars(with = "u8")] a: Option<u8> }"#,
        begins,
    );
    unsafe_by(r#"struct E { #[serde(skip_serializing_if = "f", with = "g")] a: Option<u8> }"#, begins);
    unsafe_by(
        r#"enum E { V { #[serde(skip_serializing_if = "f")] a: Vec<u8> } }"#,
        "skip_serializing_if on V.a: is left out",
    );
    unsafe_by("struct E { #[serde(skip_serializing)] a: u8 }", "skip_serializing on a: is never written");
    fine(r#"struct E { #[serde(skip_serializing_if = "Option::is_none")] a: Option<u8> }"#);
    fine(r#"struct E { #[serde(skip_serializing_if = "std::option::Option::is_none")] a: Coupon }"#);
    fine(r#"struct E { #[serde(default, skip_serializing_if = "f")] a: Vec<u8> }"#);
    fine(r#"struct E { #[serde(default)] #[serde(skip_serializing_if = "f", with = "g")] a: Option<u8> }"#);
    fine(r#"#[serde(default)] struct E { #[serde(skip_serializing_if = "f")] a: Vec<u8> }"#);
    fine(r#"struct E { #[serde(flatten, skip_serializing_if = "f")] a: Inner }"#);
    fine(r#"struct E(#[serde(skip_serializing_if = "f")] Vec<u8>);"#);
    fine(r#"#[serde(from = "X", into = "X")] struct E { #[serde(skip_serializing_if = "f")] a: u8 }"#);
    fine(
        "struct E { #[serde(skip_serializing, default)] a: u8, #[serde(skip)] b: u8, #[serde(skip_deserializing)] c: u8 }",
    );
}

#[test]
fn items_of_a_tuple_can_not_be_left_out() {
    let begins = "skip_serializing_if on 1: has no name on the wire";
    unsafe_by(r#"struct E(u8, #[serde(default, skip_serializing_if = "f")] u8);"#, begins);
    unsafe_by(
        "enum E { V(u8, #[serde(skip_deserializing)] u8) }",
        "skip_deserializing on V.1: has no name on the wire",
    );
    fine("struct E(u8, #[serde(skip)] u8, u8);");
}

#[test]
fn denied_fields_are_not_written_nor_flattened() {
    let denied = "skip_deserializing on a: is written, and refused";
    unsafe_by("#[serde(deny_unknown_fields)] struct E { #[serde(skip_deserializing)] a: u8 }", denied);
    unsafe_by(
        "#[serde(deny_unknown_fields)] struct E { #[serde(flatten)] a: Inner }",
        "flatten on a: is flattened beside",
    );
    unsafe_by(
        r#"#[serde(tag = "t", deny_unknown_fields)] struct E { a: u8 }"#,
        "tag on the item: is written with a `tag`",
    );
    fine("#[serde(deny_unknown_fields)] struct E { #[serde(skip)] a: u8 }");
    fine("struct E { #[serde(flatten)] a: BTreeMap<String, u8> }");
}

#[test]
fn functions_of_the_users_are_described() {
    unsafe_by(
        r#"struct E { #[serde(serialize_with = "f")] a: u8 }"#,
        "serialize_with on a: is written or read by functions",
    );
    unsafe_by(r#"enum E { #[serde(deserialize_with = "f")] V(u8) }"#, "deserialize_with on V: is written or read by");
    fine(r#"struct E { #[serde(with = "Def")] a: Foreign }"#);
    fine(r#"struct E { #[serde(serialize_with = "f", deserialize_with = "g")] #[schemars(with = "u8")] a: u8 }"#);
    fine(r#"struct E { #[serde(deserialize_with = "g")] #[schemars(schema_with = "f")] a: u8 }"#);
    fine(r#"struct E { #[serde(skip_serializing, default, serialize_with = "f")] a: u8 }"#);
}

#[test]
fn what_is_written_is_read_under_the_same_name() {
    unsafe_by(
        r#"struct E { #[serde(rename(serialize = "b"))] a: u8 }"#,
        "rename on a: is written as `b` and read as `a`",
    );
    unsafe_by(
        r#"#[serde(rename_all(deserialize = "camelCase"))] struct E { id: u8, a_b: u8 }"#,
        "rename_all on a_b: is written as `a_b` and read as `aB`",
    );
    unsafe_by(
        r#"#[serde(rename_all(serialize = "snake_case"))] enum E { OneTwo }"#,
        "rename_all on OneTwo: is written as `one_two`",
    );
    unsafe_by(
        r#"#[serde(rename_all_fields(serialize = "UPPERCASE"))] enum E { V { a: u8 } }"#,
        "rename_all_fields on V.a: is written as `A`",
    );
    fine(r#"struct E { #[serde(rename(serialize = "b"), alias = "b")] a: u8 }"#);
    fine(r#"struct E { #[serde(rename(serialize = "b", deserialize = "b"))] a: u8 }"#);
    fine(r#"#[serde(rename_all(serialize = "camelCase"))] struct E { id: u8, #[serde(rename = "x")] a_b: u8 }"#);
    fine(r#"#[serde(rename_all(serialize = "camelCase"))] struct E { #[serde(skip_deserializing)] a_b: u8 }"#);
    fine(r#"#[serde(rename_all = "camelCase")] struct E { #[serde(rename = "größe")] a_b: u8 }"#);
}

#[test]
fn variants_are_told_by_their_names() {
    unsafe_by("#[serde(untagged)] enum E { A(u8) }", "untagged on the item: is `untagged`");
    unsafe_by("enum E { A(u8), #[serde(untagged)] B(String) }", "untagged on B: is `untagged`: it is told");
    unsafe_by("enum E { A, #[serde(skip_deserializing)] B }", "skip_deserializing on B: is written and never read");
    fine("enum E { A, #[serde(skip)] B, #[serde(skip_serializing)] C, #[serde(other)] D }");
}

#[test]
fn types_come_back_as_they_were() {
    unsafe_by("struct E { a: Option<Option<u8>> }", "Option on a: has two ways to be `None`");
    unsafe_by("struct E { a: Vec<std::option::Option<()>> }", "Option on a: has two ways");
    unsafe_by("struct E { a: HashMap<(u8, u8), u8> }", "HashMap on a: has keys that are no texts");
    fine(r#"struct E { #[serde(with = "f")] a: Option<Option<u8>> }"#);
    fine("struct E { a: Option<Vec<Option<u8>>>, b: HashMap<u8, i128>, c: u128, d: Box<RawValue>, e: Option<Value> }");
}

#[test]
fn what_stands_beside_a_tag_goes_through_a_buffer() {
    let tagged = |fields: &str| format!(r#"#[serde(tag = "t")] enum E {{ V {fields} }}"#);
    unsafe_by(&tagged("{ a: i128 }"), "i128 on V.a: holds `i128`");
    unsafe_by(&tagged("{ a: Option<Box<RawValue>> }"), "RawValue on V.a: holds `RawValue`");
    unsafe_by(&tagged("{ a: BTreeMap<u32, u8> }"), "BTreeMap on V.a: is a `BTreeMap` with keys");
    unsafe_by("struct E { #[serde(flatten)] a: BTreeMap<String, u128> }", "u128 on a: holds `u128`");
    unsafe_by("enum E { A, #[serde(untagged)] #[allow(unused)] B }", "untagged on B");
    unsafe_by(&tagged("(u8)"), "u8 on V.0: has the type `u8`, into which no `tag` can be written");
    unsafe_by(&tagged("(Option<Inner>)"), "Option on V.0: has the type `Option`, into");
    fine(&tagged("{ a: u64, b: BTreeMap<String, char>, c: BTreeMap<char, f64>, d: Value }"));
    fine(&tagged("(Inner)"));
    fine(r#"#[serde(tag = "t", content = "c")] enum E { V { a: i128, b: BTreeMap<u32, u8> }, W(u8) }"#);
}

#[test]
fn a_foreign_event_is_never_written() {
    let of = |item: &str| told_of(&syn::parse_str(item).expect("the item is one of Rust"), true);
    let unwritten = r#"struct E { #[serde(skip_serializing_if = "f")] a: u8, #[serde(rename(serialize = "x"))] b: u8, c: HashMap<(u8,), u8> }"#;
    assert!(of(unwritten).is_empty());
    assert_eq!(of(r#"struct E { #[serde(deserialize_with = "f")] a: u8 }"#).len(), 1);
    let identifier = of("#[serde(field_identifier)] enum E { A, Other(String) }");
    assert_eq!(
        identifier,
        [
            "field_identifier on Other: is read from any string by `field_identifier`, which the schema does not describe"
        ]
    );
}

#[test]
fn what_is_allowed_is_meant_so() {
    fine("#[allow(deprecated)] struct E { a: Option<Option<u8>> }");
    fine("#[expect(unused, deprecated)] enum E { #[serde(untagged)] A }");
    fine("enum E { #[allow(deprecated)] #[serde(untagged)] A(i128) }");
    fine("struct E { #[allow(deprecated)] a: Option<Option<u8>> }");
    unsafe_by("#[allow(unused)] struct E { a: Option<Option<u8>> }", "Option on a");
}
