//! What becomes of a file.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

fn line_of(text: &str, what: &str) -> u32 {
    let at = text.lines().position(|line| line.contains(what)).unwrap();
    u32::try_from(at).unwrap() + 1
}

fn bumped(text: &str, version: u32, what: &str) -> Result<Bumped, Obstacle> {
    bump(text, Wanted { event_type: "order.placed", version, line: line_of(text, what) })
}

const STRUCT: &str = r#"//! Orders.

// Money is in cents.
// Both lines belong to the event.
/// An order was placed.
#[derive(
    Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent, // all of them
)]
#[event(
    type = "order.placed", // never rename
    version = 2,
    was = "order.made",
    from = Made,
    key = order_id,
)]
#[serde(rename_all = "camelCase")]
pub struct OrderPlaced {
    /// Whose order.
    #[serde(rename = "id")]
    pub order_id: OrderId,
    #[event(added = Money::from(old.total))] // cents before
    pub  total : Money,
    #[serde(default)] #[event(added)] pub lines: Vec<Line<u8>>,
}

fn uses(_: OrderPlaced) {}
"#;

#[test]
fn a_struct_keeps_its_words_and_its_name() {
    insta::assert_snapshot!(bumped(STRUCT, 2, "pub struct").unwrap().text);
}

#[test]
fn the_next_step_takes_the_place_of_the_hint_of_the_last_one() {
    let once = bumped(STRUCT, 2, "pub struct").unwrap();
    assert_eq!((once.older.as_str(), once.newest.as_str()), ("OrderPlacedV2", "OrderPlaced"));
    assert_eq!(once.shared, ["Line", "Money", "OrderId"]);
    let twice = bumped(&once.text, 3, "pub struct OrderPlaced {").unwrap();
    assert_eq!(twice.text.matches("// From version").count(), 1);
    assert_eq!(twice.older, "OrderPlacedV3");
    assert!(twice.text.contains("version = 4, from = OrderPlacedV3,\n    key = order_id,"), "{}", twice.text);
}

#[test]
fn an_enum_gets_its_step_and_the_step_before_leads_to_the_copy() {
    let text = r#"mod inner {
    #[derive(DomainEvent)]
    #[event(type = "order.placed", version = 1, keyless, crate = kit::core)]
    enum Moved { Paid { amount: u8, r#type: u8 }, #[cfg(unix)] Pair(u8, String), Unit, Empty {} }
}
"#;
    let once = bumped(text, 1, "enum Moved").unwrap().text;
    let twice = bumped(&once, 2, "enum Moved {").unwrap().text;
    insta::assert_snapshot!(format!("{once}==========\n{twice}"));
}

#[test]
fn tuples_units_scripts_and_windows_are_files_like_others() {
    let of = |item: &str| format!("#[event(keyless, type = \"order.placed\", version = 1)]\n{item}\n");
    let newer = |text: &str| bumped(text, 1, "OrderPlaced").unwrap().text;
    let tuple = newer(&of("pub struct OrderPlaced(pub u8, #[serde(default)] pub u16);"));
    assert!(
        tuple.contains(
            "version = 1, superseded)]\npub struct OrderPlacedV1(pub u8, #[serde(default)] pub u16);\n\n// From"
        ),
        "{tuple}"
    );
    assert!(tuple.ends_with(
        "version = 2, from = OrderPlacedV1)]\npub struct OrderPlaced(pub u8, #[serde(default)] pub u16);\n"
    ));
    let script = format!("\u{feff}#!/usr/bin/env cargo\n// ünïcode\n{}", of("struct OrderPlaced;"));
    let script = newer(&script);
    assert!(script.starts_with("\u{feff}#!/usr/bin/env cargo\n#[event(keyless"), "{script}");
    assert!(script.contains("superseded)]\nstruct OrderPlacedV1;\n\n// ünïcode\n// From version 1"), "{script}");
    let windows = newer(&of("struct OrderPlaced;").replace('\n', "\r\n"));
    assert_eq!(windows.matches('\n').count(), windows.matches("\r\n").count());
    // A name that is taken is not taken again.
    let taken = format!("struct OrderPlacedV1;\n{}", of("struct OrderPlaced;"));
    assert_eq!(bumped(&taken, 1, "struct OrderPlaced;").unwrap().older, "OrderPlacedVersion1");
    let versioned = of("struct OrderPlacedV1;");
    assert_eq!(bumped(&versioned, 1, "OrderPlacedV1").unwrap().older, "OrderPlacedVersion1");
}

#[test]
fn a_function_that_makes_the_version_makes_the_copy_from_now_on() {
    let text = r#"
#[event(type = "order.placed", version = 2, from = V1, with = self::step, since = 1, keyless)]
struct OrderPlaced { a: u8 }
fn step(old: V1) -> OrderPlaced { OrderPlaced { a: old.a } }
"#;
    let text = bumped(text, 2, "struct OrderPlaced").unwrap().text;
    assert!(text.contains("fn step(old: V1) -> OrderPlacedV2 { OrderPlacedV2 { a: old.a } }"), "{text}");
    assert!(text.contains("version = 3, from = OrderPlacedV2, keyless)"), "{text}");
    assert!(text.contains("from = V1, with = self::step, since = 1, keyless, superseded)"), "{text}");
}

#[test]
fn what_would_not_compile_is_refused() {
    let of = |entries: &str, item: &str| format!("#[event(type = \"order.placed\", version = 1, {entries})]\n{item}\n");
    let refused = [
        of("foreign", "struct OrderPlaced;"),
        of("keyless", "struct OrderPlaced { inner: Vec<OrderPlaced> }"),
        of("keyless", "#[serde(from = \"Wire\")]\nstruct OrderPlaced;"),
        of("keyless", "#[serde(default)]\nstruct OrderPlaced { a: u8 }"),
        of("key = self::key", "struct OrderPlaced;\nfn key(event: &OrderPlaced) -> u8 { 1 }"),
        of("from = V1, keyless", "enum OrderPlaced {}"),
        of("from = V1, with = other::step, keyless", "struct OrderPlaced;"),
        "events! { OrderPlaced }".to_owned(),
        "struct OrderPlaced".to_owned(),
    ];
    let told = refused.map(|text| {
        let line = line_of(&text, "OrderPlaced");
        let obstacle = bump(&text, Wanted { event_type: "order.placed", version: 1, line }).unwrap_err();
        format!("{}\n  = help: {}\n", obstacle.message, obstacle.help)
    });
    insta::assert_snapshot!(told.concat());
    let generic = of("key = self::key", "struct OrderPlaced;\nfn key(event: &impl Order) -> u8 { 1 }");
    assert!(bumped(&generic, 1, "struct OrderPlaced").is_ok());
    let derived = of("keyless", "#[derive(Default)]\n#[serde(default)]\nstruct OrderPlaced { a: u8 }");
    assert!(bumped(&derived, 1, "struct OrderPlaced").is_ok());
}
