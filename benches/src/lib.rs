//! Pairs of schemas as schemars writes them, compatible both ways, to measure with.

use std::fmt::Write as _;

/// Two schemas, as text.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The schema before the edit.
    pub old: String,
    /// The schema after it.
    pub new: String,
}

/// A pair of an event with so many fields; each number gives another pair.
#[must_use]
pub fn pair(number: usize, fields: usize) -> Pair {
    Pair { old: event(number, fields, false), new: event(number, fields, true) }
}

/// An event with nested structs, options, maps, lists, formats and unions. The edit adds optional fields, at the root
/// and in a nested struct, and changes docs.
fn event(number: usize, fields: usize, edited: bool) -> String {
    let mut properties: Vec<String> = (0..fields).map(|at| field(number, at, edited)).collect();
    let required: Vec<String> =
        (0..fields).filter(|at| at % 12 != 2 && at % 12 != 6).map(|at| quoted(&name(at))).collect();
    if edited && number % 2 == 0 {
        properties.push(r#""coupon": {"type": ["string", "null"], "default": null}"#.to_owned());
    }
    let definitions: Vec<String> =
        (0..fields.div_ceil(12)).map(|group| definitions(group, edited && number % 3 == 0)).collect();
    format!(
        r##"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Event{number}", "description": "What happened to order {number}.", "type": "object", "properties": {{{}}}, "required": [{}], "$defs": {{{}}}}}"##,
        properties.join(", "),
        required.join(", "),
        definitions.join(", ")
    )
}

fn name(at: usize) -> String {
    const NAMES: [&str; 12] = [
        "customer_name",
        "quantity",
        "note",
        "total",
        "placed_at",
        "order_id",
        "ship_to",
        "lines",
        "status",
        "gift",
        "counts",
        "payment",
    ];
    let mut name = NAMES[at % 12].to_owned();
    if at >= 12 {
        write!(name, "_{}", at / 12).expect("a text can be written to");
    }
    name
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn field(number: usize, at: usize, edited: bool) -> String {
    let group = at / 12;
    let docs = if edited && at % 5 == 0 { "Said in other words since" } else { "What it is for" };
    let schema = match at % 12 {
        0 => r#""type": "string""#.to_owned(),
        1 => r#""type": "integer", "format": "uint32", "minimum": 0"#.to_owned(),
        2 => r#""type": ["string", "null"]"#.to_owned(),
        3 => format!(r##""$ref": "#/$defs/Money{group}""##),
        4 => r#""type": "string", "format": "date-time""#.to_owned(),
        5 => r#""type": "string", "format": "uuid""#.to_owned(),
        6 => format!(r##""anyOf": [{{"$ref": "#/$defs/Address{group}"}}, {{"type": "null"}}]"##),
        7 => format!(r##""type": "array", "items": {{"$ref": "#/$defs/Line{group}"}}"##),
        8 => format!(r##""$ref": "#/$defs/Status{group}""##),
        9 => r#""type": "boolean""#.to_owned(),
        10 => r#""type": "object", "additionalProperties": {"type": "integer", "format": "int64"}"#.to_owned(),
        _ => format!(r##""$ref": "#/$defs/Payment{group}""##),
    };
    format!(r#""{}": {{"description": "{docs}, {number}.", {schema}}}"#, name(at))
}

fn definitions(group: usize, edited: bool) -> String {
    let more = if edited { r#", "district": {"type": ["string", "null"]}"# } else { "" };
    format!(
        r##""Money{group}": {{"description": "An amount.", "type": "object", "properties": {{"cents": {{"type": "integer", "format": "int64"}}, "currency": {{"type": "string"}}}}, "required": ["cents", "currency"]}}, "Address{group}": {{"type": "object", "properties": {{"street": {{"type": "string"}}, "city": {{"type": "string"}}, "zip": {{"type": ["string", "null"]}}{more}}}, "required": ["street", "city"]}}, "Line{group}": {{"type": "object", "properties": {{"sku": {{"type": "string"}}, "price": {{"$ref": "#/$defs/Money{group}"}}, "count": {{"type": "integer", "format": "uint16", "minimum": 0, "maximum": 65535}}}}, "required": ["sku", "price", "count"]}}, "Status{group}": {{"oneOf": [{{"type": "string", "enum": ["placed", "paid"]}}, {{"description": "On its way.", "type": "string", "const": "shipped"}}]}}, "Payment{group}": {{"oneOf": [{{"type": "object", "properties": {{"kind": {{"type": "string", "const": "card"}}, "last_four": {{"type": "string"}}}}, "required": ["kind", "last_four"]}}, {{"type": "object", "properties": {{"kind": {{"type": "string", "const": "transfer"}}, "iban": {{"type": "string"}}, "due": {{"type": "string", "format": "date"}}}}, "required": ["kind", "iban", "due"]}}]}}"##
    )
}

/// A recursive union of so many branches, each tagged, each with children of the union.
#[must_use]
pub fn union(branches: usize, kind: &str) -> String {
    let branch = |at: usize| {
        format!(
            r##"{{"type": "object", "properties": {{"op": {{"type": "string", "const": "op{at}"}}, "left": {{"$ref": "#/$defs/Expr"}}, "right": {{"$ref": "#/$defs/Expr"}}, "all": {{"type": "array", "items": {{"$ref": "#/$defs/Expr"}}}}, "value": {{"type": "{kind}"}}}}, "required": ["op", "left", "value"]}}"##
        )
    };
    let branches: Vec<String> = (0..branches).map(branch).chain([format!(r#"{{"type": "{kind}"}}"#)]).collect();
    format!(r##"{{"$ref": "#/$defs/Expr", "$defs": {{"Expr": {{"oneOf": [{}]}}}}}}"##, branches.join(", "))
}
