//! Receiving an event, from the bytes of a message to an envelope and a typed event: beside `cloudevents-sdk`, and beside
//! one struct that is parsed in one pass.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml -p event-benches --bin receive`
//!
//! - `--lines 1,22,240`: how many lines the orders have: 200 bytes of data, 2 kB, 20 kB
//! - `--times 200`: how often a message is received
//!
//! Exits with 1 when ours takes more than 0.35 of the instructions of `cloudevents-sdk`, or more than 1.25 of one pass.
//! Instructions are counted by valgrind, which must be installed: for so many times and for twice as many.

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;

use event_benches::callgrind::each;
use event_benches::receiving::{WAYS, body};

/// The first word of a process that is counted.
const RUN: &str = "--run";

/// The most that ours may take of each way.
const MOST: [f64; 3] = [1.0, 0.35, 1.25];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [RUN, way, lines, times] = *args.iter().map(String::as_str).collect::<Vec<_>>() {
        run(way, lines.parse()?, times.parse()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(&args)?;
    println!("| message | received by | instructions | ours beside it | target | |\n|---:|---|---:|---:|---|---|");
    let mut holds = true;
    for lines in &options.lines {
        same(*lines)?;
        holds &= measure(*lines, options.times)?;
    }
    Ok(ExitCode::from(u8::from(!holds)))
}

struct Options {
    times: u32,
    lines: Vec<u16>,
}

impl Options {
    fn read(args: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { times: 200, lines: vec![1, 22, 240] };
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--times" => options.times = value()?.parse()?,
                "--lines" => options.lines = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
                _ => return Err(format!("unknown option `{word}`").into()),
            }
        }
        Ok(options)
    }
}

/// What is counted.
fn run(name: &str, lines: u16, times: u32) -> Result<(), Box<dyn Error>> {
    let way = WAYS.iter().find(|way| way.name == name).ok_or_else(|| format!("unknown way `{name}`"))?;
    let body = body(lines)?;
    for _ in 0..times {
        (way.receive)(black_box(&body), &mut |event| drop(black_box(event)))?;
    }
    Ok(())
}

/// Whether every way receives the same order.
fn same(lines: u16) -> Result<(), Box<dyn Error>> {
    let body = body(lines)?;
    let mut events = Vec::new();
    for way in WAYS {
        (way.receive)(&body, &mut |event| events.push(event))?;
    }
    assert!(events.windows(2).all(|pair| pair[0] == pair[1]), "one of the ways receives another order");
    Ok(())
}

/// Prints a line per way; whether ours is within all targets.
fn measure(lines: u16, times: u32) -> Result<bool, Box<dyn Error>> {
    let bytes = body(lines)?.len();
    let (mut ours, mut holds) = (f64::NAN, true);
    for (way, most) in WAYS.iter().zip(MOST) {
        let instructions = each(&[RUN, way.name, &lines.to_string()], times)?;
        if ours.is_nan() {
            ours = instructions;
            println!("| {bytes} B | {} | {instructions:.0} | | | |", way.told);
            continue;
        }
        let ratio = ours / instructions;
        let verdict = if ratio <= most { "met" } else { "**missed**" };
        println!("| {bytes} B | {} | {instructions:.0} | {ratio:.3} | ≤ {most} | {verdict} |", way.told);
        holds &= ratio <= most;
    }
    Ok(holds)
}
