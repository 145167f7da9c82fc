//! Finding the handler of an event, in a registry of few types and of many.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml -p event-benches --bin dispatch`
//!
//! - `--types 10,100,1000`: how many types the registry has; the first is what the others are compared with
//! - `--versions 3`: how many versions each of them has
//! - `--times 12000`: how many events are looked up
//!
//! Exits with 1 when one look-up takes more than 350 instructions, or more with many types than 1.1 times what it takes
//! with few. Instructions are counted by valgrind, which must be installed: for so many times and for twice as many.
//! Events come round in turn, all types and versions alike; every tenth is of a type without a handler.

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;

use event_benches::callgrind::each;
use event_core::__private::{HandlerOptions, Route, Unknown};
use event_core::{Destination, Envelope, Registry, Shape};

/// The first word of a process that is counted.
const RUN: &str = "--run";

/// The most instructions that a look-up may take.
const MOST: f64 = 350.0;

/// How much more a look-up may take among many types than among few.
const FLAT: f64 = 1.1;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [RUN, types, versions, times] = *args.iter().map(String::as_str).collect::<Vec<_>>() {
        run(types.parse()?, versions.parse()?, times.parse()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(&args)?;
    println!("| types | versions | look-up | instructions | ratio |\n|---:|---:|---|---:|---:|");
    let mut holds = true;
    let mut few = f64::NAN;
    for types in &options.types {
        let words = [RUN, &types.to_string(), &options.versions.to_string()];
        let instructions = each(&words, options.times)?;
        if few.is_nan() {
            few = instructions;
        }
        let ratio = instructions / few;
        println!("| {types} | {} | `Registry::destination` | {instructions:.0} | {ratio:.3} |", options.versions);
        holds &= instructions <= MOST && ratio <= FLAT;
    }
    println!(
        "\nat most {MOST} instructions, {FLAT} times those of few types: {}",
        if holds { "met" } else { "missed" }
    );
    Ok(ExitCode::from(u8::from(!holds)))
}

struct Options {
    types: Vec<u32>,
    versions: u32,
    times: u32,
}

impl Options {
    fn read(args: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { types: vec![10, 100, 1000], versions: 3, times: 12_000 };
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--types" => options.types = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--versions" => options.versions = value()?.parse()?,
                "--times" => options.times = value()?.parse()?,
                _ => return Err(format!("unknown option `{word}`").into()),
            }
        }
        Ok(options)
    }
}

/// What is counted.
fn run(types: u32, versions: u32, times: u32) -> Result<(), Box<dyn Error>> {
    let registry = Registry::new((0..types).map(|number| route(number, versions)).collect(), Unknown::Ignore);
    let envelopes: Vec<Envelope> = (0..types * versions).map(|at| envelope(at, versions)).collect();
    check(&registry, &envelopes)?;
    for envelope in envelopes.iter().cycle().take(usize::try_from(times)?) {
        black_box(black_box(&registry).destination(black_box(envelope)));
    }
    Ok(())
}

/// The handler of a type, in all of its versions, the newest first.
fn route(number: u32, versions: u32) -> Route {
    let event_type: &'static str = event_type(number).leak();
    let shapes = (1..=versions).rev().map(|version| Shape::new(event_type, version)).collect();
    Route { handler: "handle", shapes, options: HandlerOptions::default() }
}

/// Types as services have them: some of one aggregate, of several lengths.
fn event_type(number: u32) -> String {
    let aggregate = ["order", "customer.account", "shop.warehouse.stock", "invoice"][(number % 4) as usize];
    format!("{aggregate}.happened_{number}")
}

fn envelope(at: u32, versions: u32) -> Envelope {
    let number = at / versions;
    let unknown = if at % 10 == 9 { "_elsewhere" } else { "" };
    let mut envelope = Envelope::new("1".into(), "/shop".into(), format!("{}{unknown}", event_type(number)));
    envelope.event_version = at % versions + 1;
    envelope
}

/// Whether each event goes where it should.
fn check(registry: &Registry, envelopes: &[Envelope]) -> Result<(), String> {
    for envelope in envelopes {
        let found = registry.destination(envelope);
        let right = match found {
            Destination::Route { version, .. } => version == envelope.event_version,
            Destination::Ignored => envelope.event_type.ends_with("_elsewhere"),
            _ => false,
        };
        if !right {
            return Err(format!("`{}` goes to {found:?}", envelope.event_type));
        }
    }
    Ok(())
}
