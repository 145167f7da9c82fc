//! The source of a crate of events, with and without the derive, equal in all else.

use std::fmt::Write as _;

/// What a crate of events is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each event has one version.
    Plain,
    /// Of each three structs, one is a superseded version and one the version that is upcast from it.
    Steps,
}

impl Mode {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Steps];

    /// How it is called in a table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "one version each",
            Self::Steps => "a third with a step",
        }
    }
}

/// What a struct is to its event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Alone,
    Older,
    Newer,
}

/// The source of `lib.rs` with so many structs of eight fields; `events` adds the derive and its attributes.
#[must_use]
pub fn source(structs: usize, mode: Mode, events: bool) -> String {
    let mut out = String::from(if events { "use event_core::DomainEvent;\n" } else { "" });
    out.push_str(SHARED);
    for number in 0..structs {
        let part = match (mode, number % 3) {
            (Mode::Plain, _) | (Mode::Steps, 2) => Part::Alone,
            (Mode::Steps, 0) if number + 1 < structs => Part::Older,
            (Mode::Steps, 0) => Part::Alone,
            (Mode::Steps, _) => Part::Newer,
        };
        write(&mut out, number, part, events);
    }
    out
}

/// What the events' fields are made of; none of these is an event.
const SHARED: &str = r#"
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Names an order.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OrderId(pub String);

impl std::fmt::Display for OrderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An amount.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Money {
    pub cents: i64,
    pub currency: String,
}

/// Where to.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Address {
    pub street: String,
    pub city: String,
    #[serde(default)]
    pub zip: Option<String>,
}

/// How far it is.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Placed,
    Paid,
    Shipped { parcel: String },
}
"#;

fn write(out: &mut String, number: usize, part: Part, events: bool) {
    let derive = if events { ", DomainEvent" } else { "" };
    let attribute = if events { attribute(number, part) } else { String::new() };
    let fields = fields(number, part, events);
    write!(
        out,
        "\n/// What happened to order {number}.\n#[derive(Serialize, Deserialize, JsonSchema{derive})]\n{attribute}pub struct Event{number} {{\n{fields}}}\n"
    )
    .expect("a text can be written to");
}

fn attribute(number: usize, part: Part) -> String {
    let newest = match part {
        Part::Newer => number - 1,
        Part::Alone | Part::Older => number,
    };
    let rest = match part {
        Part::Alone => "version = 1, key = order_id".to_owned(),
        Part::Older => "version = 1, key = order_id, superseded".to_owned(),
        Part::Newer => format!("version = 2, key = order_id, from = Event{newest}"),
    };
    format!("#[event(type = \"shop.happened_{newest}\", {rest})]\n")
}

/// The eight fields. Those of a newer version are those of the older one, but for two.
fn fields(number: usize, part: Part, events: bool) -> String {
    let [total, note] = match part {
        Part::Newer => ["pub total: Money,", "#[serde(default)]\n    pub coupon: Option<String>,"],
        Part::Alone | Part::Older => ["pub total_cents: i64,", "#[serde(default)]\n    pub note: Option<String>,"],
    };
    let added =
        |text: &str| if events && part == Part::Newer { format!("#[event({text})]\n    ") } else { String::new() };
    let changed = added("added = Money { cents: old.total_cents, currency: String::from(\"EUR\") }");
    let bare = added("added");
    let kinds = match part {
        Part::Newer => number - 1,
        Part::Alone | Part::Older => number,
    };
    let [a, b] = if kinds % 2 == 0 { ["Address", "Vec<String>"] } else { ["Status", "Vec<Money>"] };
    format!(
        "    pub order_id: OrderId,\n    /// Who ordered.\n    pub customer: String,\n    pub quantity: u32,\n    {changed}{total}\n    {bare}{note}\n    pub lines: {b},\n    pub about: {a},\n    pub gift: bool,\n"
    )
}
