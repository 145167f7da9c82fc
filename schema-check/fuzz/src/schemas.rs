//! Schemas of any draft, with any keyword, over few names and few constants, so that they have something to do with
//! each other.

use schema_check::contain::Draft;
use serde_json::{Map, Value, json};

use crate::Draw;

/// The drafts, with what `$schema` calls them.
pub const DRAFTS: [(Draft, &str); 5] = [
    (Draft::Draft4, "http://json-schema.org/draft-04/schema#"),
    (Draft::Draft6, "http://json-schema.org/draft-06/schema#"),
    (Draft::Draft7, "http://json-schema.org/draft-07/schema#"),
    (Draft::Draft201909, "https://json-schema.org/draft/2019-09/schema"),
    (Draft::Draft202012, "https://json-schema.org/draft/2020-12/schema"),
];

const NAMES: [&str; 4] = ["a", "b", "aa", ""];
const KINDS: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];
const FORMATS: [&str; 8] = ["date", "date-time", "uuid", "ipv4", "int32", "uint8", "nonsense", "email"];
const PATTERNS: [&str; 24] = [
    "^a",
    "b$",
    "^[ab]+$",
    "a.",
    "^(a|bb)*$",
    "^.{2}$",
    "a",
    "^$",
    "",
    "^a|b$",
    "\\d",
    "^\\w+$",
    "[^a]",
    "^(?=a)",
    "(?!a)",
    "^a{2,3}$",
    "^\\S*$",
    "\\u0061",
    "^[\\w-]*$",
    "\\ba",
    "^(ab|ba)$",
    "^a?$",
    "A",
    "^..?$",
];

/// Where a schema stands: what it may refer to, and how far it may nest.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The draft.
    pub draft: Draft,
    /// How far it may nest.
    pub depth: usize,
    /// Whether it is about a part of the value that the root is about, so that it may refer to the root.
    pub inside: bool,
}

impl Style {
    fn deeper(self) -> Self {
        Self { depth: self.depth.saturating_sub(1), ..self }
    }

    fn part(self) -> Self {
        Self { inside: true, ..self.deeper() }
    }

    fn since(self, draft: Draft) -> bool {
        self.draft >= draft
    }

    fn definitions(self) -> &'static str {
        if self.since(Draft::Draft201909) { "$defs" } else { "definitions" }
    }
}

/// A document: a schema with its definition and its draft.
pub fn schema(draw: &mut Draw<'_>, draft: Draft, uri: &str) -> Value {
    let style = Style { draft, depth: 3, inside: false };
    let mut root = match any(draw, style) {
        Value::Object(root) if !root.contains_key("$ref") => root,
        other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    // The definition makes progress, so that what refers to it does.
    let part = any(draw, Style { depth: 2, inside: true, ..style });
    let definition =
        json!({"type": ["object", "string", "array"], "properties": {"a": part}, "items": {"type": "integer"}});
    root.insert(style.definitions().to_owned(), json!({"d": definition}));
    root.insert("$schema".to_owned(), uri.into());
    Value::Object(root)
}

/// A schema in some place.
pub fn any(draw: &mut Draw<'_>, style: Style) -> Value {
    if style.since(Draft::Draft6) && draw.once_in(14) {
        return draw.below(2).eq(&0).into();
    }
    if draw.once_in(12) {
        return json!({"$ref": if style.inside && draw.once_in(2) { "#".to_owned() } else { format!("#/{}/d", style.definitions()) }});
    }
    let mut object = Map::new();
    for _ in 0..=draw.below(if style.depth == 0 { 2 } else { 3 }) {
        let keyword = keyword(draw, style);
        for (keyword, said) in keyword {
            object.insert(keyword.to_owned(), said);
        }
    }
    Value::Object(object)
}

type Keywords = Vec<(&'static str, Value)>;

/// A keyword or two that belong together.
pub fn keyword(draw: &mut Draw<'_>, style: Style) -> Keywords {
    match draw.below(if style.depth == 0 { 3 } else { 8 }) {
        0 => vec![("type", kinds(draw))],
        1 => assertion(draw, style),
        2 => constants(draw, style),
        3 | 4 => about_objects(draw, style),
        5 => about_lists(draw, style),
        _ => in_place(draw, style),
    }
}

fn kinds(draw: &mut Draw<'_>) -> Value {
    if draw.once_in(3) {
        let first = draw.below(7);
        return json!([KINDS[first], KINDS[(first + 1 + draw.below(6)) % 7]]);
    }
    draw.one(&KINDS).into()
}

fn number(draw: &mut Draw<'_>) -> Value {
    draw.one(&[
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(3),
        json!(0.5),
        json!(1.0),
        json!(1.5),
        json!(-0.5),
        json!(1e20),
    ])
}

fn assertion(draw: &mut Draw<'_>, style: Style) -> Keywords {
    let count = json!(draw.below(4));
    match draw.below(16) {
        0 => vec![("minimum", number(draw))],
        1 => vec![("maximum", number(draw))],
        2 if style.draft == Draft::Draft4 => vec![("minimum", number(draw)), ("exclusiveMinimum", json!(true))],
        3 if style.draft == Draft::Draft4 => vec![("maximum", number(draw)), ("exclusiveMaximum", json!(true))],
        2 => vec![("exclusiveMinimum", number(draw))],
        3 => vec![("exclusiveMaximum", number(draw))],
        4 => vec![(
            "multipleOf",
            draw.one(&[json!(1), json!(2), json!(3), json!(0.5), json!(1.5), json!(0.1), json!(1.0)]),
        )],
        5 => vec![("minLength", count)],
        6 => vec![("maxLength", count)],
        7 | 8 => vec![("pattern", draw.one(&PATTERNS).into())],
        9 => vec![("format", draw.one(&FORMATS).into())],
        10 => vec![("minItems", count)],
        11 => vec![("maxItems", count)],
        12 => vec![("uniqueItems", json!(draw.below(4) != 0))],
        13 => vec![("minProperties", count)],
        14 => vec![("maxProperties", count)],
        _ => vec![("required", names(draw, style))],
    }
}

fn names(draw: &mut Draw<'_>, style: Style) -> Value {
    let least = usize::from(style.draft == Draft::Draft4);
    let many = draw.below(3).max(least);
    let from = draw.below(4);
    (0..many).map(|at| Value::from(NAMES[(from + at) % 4])).collect()
}

/// A constant.
pub fn constant(draw: &mut Draw<'_>) -> Value {
    draw.one(&[
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(1.0),
        json!(2),
        json!(0.5),
        json!(-1),
        json!(1e20),
        json!(""),
        json!("a"),
        json!("b"),
        json!("aa"),
        json!("ab"),
        json!([]),
        json!([1]),
        json!(["a"]),
        json!([1, 1]),
        json!([null, "b"]),
        json!({}),
        json!({"a": 1}),
        json!({"b": "a"}),
        json!({"a": null, "b": 1}),
        json!({"a": {"a": "b"}}),
        json!({"": 1}),
    ])
}

fn constants(draw: &mut Draw<'_>, style: Style) -> Keywords {
    if style.since(Draft::Draft6) && draw.once_in(2) {
        return vec![("const", constant(draw))];
    }
    let mut values: Vec<Value> = Vec::new();
    for _ in 0..=draw.below(4) {
        let value = constant(draw);
        if values.iter().all(|known| !crate::laws::same(known, &value)) {
            values.push(value);
        }
    }
    vec![("enum", values.into())]
}

fn map(draw: &mut Draw<'_>, style: Style, keys: &[&str]) -> Value {
    (0..=draw.below(2)).map(|_| (draw.one(keys).to_owned(), any(draw, style))).collect::<Map<_, _>>().into()
}

fn list(draw: &mut Draw<'_>, style: Style) -> Value {
    (0..=draw.below(3)).map(|_| any(draw, style)).collect()
}

fn about_objects(draw: &mut Draw<'_>, style: Style) -> Keywords {
    let (part, here) = (style.part(), style.deeper());
    match draw.below(12) {
        0..4 => vec![("properties", map(draw, part, &NAMES))],
        4 => vec![("patternProperties", map(draw, part, &PATTERNS))],
        5 => vec![("additionalProperties", any_or_boolean(draw, part))],
        6 => vec![("properties", map(draw, part, &NAMES)), ("additionalProperties", any_or_boolean(draw, part))],
        7 if style.since(Draft::Draft6) => vec![("propertyNames", any(draw, part))],
        8 if style.since(Draft::Draft201909) => vec![("unevaluatedProperties", any_or_boolean(draw, part))],
        9 if style.since(Draft::Draft201909) => vec![("dependentSchemas", map(draw, here, &NAMES))],
        10 if style.since(Draft::Draft201909) => {
            vec![("dependentRequired", json!({draw.one(&NAMES): names(draw, style)}))]
        }
        9 => vec![("dependencies", map(draw, here, &NAMES))],
        10 => vec![("dependencies", json!({draw.one(&NAMES): ["a"]}))],
        _ => vec![("required", names(draw, style)), ("properties", map(draw, part, &NAMES))],
    }
}

fn any_or_boolean(draw: &mut Draw<'_>, style: Style) -> Value {
    if draw.once_in(2) { json!(false) } else { any(draw, style) }
}

fn about_lists(draw: &mut Draw<'_>, style: Style) -> Keywords {
    let part = style.part();
    let newest = style.since(Draft::Draft202012);
    match draw.below(8) {
        0 | 1 => vec![("items", any(draw, part))],
        2 if newest => vec![("prefixItems", list(draw, part))],
        3 if newest => vec![("prefixItems", list(draw, part)), ("items", any_or_boolean(draw, part))],
        2 => vec![("items", list(draw, part))],
        3 => vec![("items", list(draw, part)), ("additionalItems", any_or_boolean(draw, part))],
        4 if style.since(Draft::Draft6) => vec![("contains", any(draw, part))],
        5 if style.since(Draft::Draft201909) => {
            let bound = draw.one(&["minContains", "maxContains"]);
            vec![("contains", any(draw, part)), (bound, json!(draw.below(3)))]
        }
        6 if style.since(Draft::Draft201909) => vec![("unevaluatedItems", any_or_boolean(draw, part))],
        _ => vec![("uniqueItems", json!(true)), ("items", any(draw, part))],
    }
}

fn in_place(draw: &mut Draw<'_>, style: Style) -> Keywords {
    let here = style.deeper();
    match draw.below(9) {
        0 => vec![("allOf", list(draw, here))],
        1 | 2 => vec![("anyOf", list(draw, here))],
        3 | 4 => vec![("oneOf", list(draw, here))],
        5 | 6 => vec![("not", any(draw, here))],
        7 if style.since(Draft::Draft7) => vec![("if", any(draw, here)), ("then", any(draw, here))],
        8 if style.since(Draft::Draft7) => vec![("if", any(draw, here)), ("else", any(draw, here))],
        _ => vec![("allOf", list(draw, here))],
    }
}
