//! Writing the data of an event, which refuses NaN and infinities, beside serde_json's own `to_raw_value`.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml -p event-writing-benches`
//!
//! Both run in turn, round by round, and the median of the rounds' ratios counts.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use event_core::{DomainEvent, Publish};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;

const ROUNDS: usize = 101;
/// How much a measurement writes, about.
const BYTES_A_ROUND: usize = 2_000_000;

/// An event with a bit of everything.
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
struct Order {
    order_id: String,
    customer: String,
    total_cents: i64,
    rate: f64,
    gift: bool,
    coupon: Option<String>,
    lines: Vec<Line>,
    payment: Payment,
    labels: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Line {
    sku: String,
    price: f64,
    count: u16,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Payment {
    Card { last_four: String },
}

/// An event of eight small fields.
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "light.switched", version = 1, key = room)]
struct Light {
    room: u32,
    on: bool,
    warm: f32,
    level: u8,
    by: Option<u64>,
    name: String,
    x: f64,
    y: f64,
}

/// Nothing but floats: the worst case.
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "track.recorded", version = 1, keyless)]
struct Track {
    points: Vec<(f64, f64, f64)>,
}

/// Nothing but small integers: the least work around a check that isn't needed.
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "image.taken", version = 1, keyless)]
struct Image {
    pixels: Vec<u8>,
}

fn main() {
    println!("| event | bytes | to_raw_value, ns | ours, ns | ours / to_raw_value |");
    println!("|---|---:|---:|---:|---:|");
    measure("8 small fields", &light());
    measure("an order of 5 lines", &order(5));
    measure("an order of 200 lines", &order(200));
    let points = (0..1000).map(|at| f64::from(at) / 7.0).map(|at| (at, -at, at * at)).collect();
    measure("3,000 floats", &Track { points });
    measure("10,000 bytes", &Image { pixels: (0..10_000_u32).map(|at| (at % 251) as u8).collect() });
}

fn light() -> Light {
    let name = "kitchen, above the table".to_owned();
    Light { room: 7, on: true, warm: 0.25, level: 200, by: None, name, x: 1.75, y: -22.125 }
}

fn order(lines: u16) -> Order {
    let line = |at: u16| Line { sku: format!("sku-{at}"), price: f64::from(at) + 0.95, count: at };
    Order {
        order_id: "01940000-0000-7000-8000-000000000000".to_owned(),
        customer: "Gertrud Müller".to_owned(),
        total_cents: 123_456,
        rate: 0.19,
        gift: false,
        coupon: Some("SUMMER".to_owned()),
        lines: (0..lines).map(line).collect(),
        payment: Payment::Card { last_four: "4242".to_owned() },
        labels: (0..6).map(|at| (format!("label{at}"), "a text of some words".to_owned())).collect(),
    }
}

fn measure<E: Publish + Serialize>(name: &str, event: &E) {
    let text = to_raw_value(event).expect("the event can be written");
    let ours = event.__write().expect("the event can be written");
    assert_eq!(text.get(), ours.get());
    let times = BYTES_A_ROUND.div_ceil(text.get().len());
    let plain = || drop(black_box(to_raw_value(black_box(event))));
    let checked = || drop(black_box(black_box(event).__write()));
    let mut rounds: Vec<(f64, f64, f64)> = (0..ROUNDS).map(|round| both(round, times, &plain, &checked)).collect();
    rounds.sort_by(|a, b| a.2.total_cmp(&b.2));
    let (plain, checked, ratio) = rounds[ROUNDS / 2];
    println!("| {name} | {} | {plain:.0} | {checked:.0} | {ratio:.3} |", text.get().len());
}

/// Nanoseconds of each, and their ratio; who comes first changes from round to round.
fn both(round: usize, times: usize, plain: &dyn Fn(), checked: &dyn Fn()) -> (f64, f64, f64) {
    let (a, b) = if round % 2 == 0 {
        let first = time(times, plain);
        (first, time(times, checked))
    } else {
        let first = time(times, checked);
        (time(times, plain), first)
    };
    let each = |all: Duration| all.as_secs_f64() * 1e9 / times as f64;
    (each(a), each(b), b.as_secs_f64() / a.as_secs_f64())
}

fn time(times: usize, write: &dyn Fn()) -> Duration {
    let begin = Instant::now();
    (0..times).for_each(|_| write());
    begin.elapsed()
}
