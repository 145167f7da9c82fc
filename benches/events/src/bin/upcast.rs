//! Reading version 1 of an event as version 5, beside parsing version 5, and beside upcasters on JSON.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml -p event-benches --bin upcast`
//!
//! - `--times 200`: how often an order is read
//! - `--lines 3,200`: how many lines the orders have
//! - `--max-ratio 1.05`: exits with 1 when reading version 1 is above it
//!
//! Instructions are counted by valgrind, which must be installed: they are exact on a loaded machine. Each way runs in a
//! process of its own, for so many times and for twice as many: the difference holds the reading alone.

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;

use event_benches::callgrind::each;
use event_benches::reading::{WAYS, Way, data};

/// The first word of a process that is counted.
const RUN: &str = "--run";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [RUN, way, lines, times] = *args.iter().map(String::as_str).collect::<Vec<_>>() {
        run(way, lines.parse()?, times.parse()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(&args)?;
    println!("| lines | bytes | read | instructions | ratio |\n|---:|---:|---|---:|---:|");
    let mut worst = f64::NAN;
    for lines in &options.lines {
        same(*lines)?;
        worst = worst.max(measure(*lines, options.times)?);
    }
    Ok(ExitCode::from(u8::from(options.max_ratio.is_some_and(|most| worst > most))))
}

struct Options {
    times: u32,
    lines: Vec<u16>,
    max_ratio: Option<f64>,
}

impl Options {
    fn read(args: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { times: 200, lines: vec![3, 200], max_ratio: None };
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--times" => options.times = value()?.parse()?,
                "--lines" => options.lines = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--max-ratio" => options.max_ratio = Some(value()?.parse()?),
                _ => return Err(format!("unknown option `{word}`").into()),
            }
        }
        Ok(options)
    }
}

/// What is counted.
fn run(name: &str, lines: u16, times: u32) -> Result<(), Box<dyn Error>> {
    let way = WAYS.iter().find(|way| way.name == name).ok_or_else(|| format!("unknown way `{name}`"))?;
    let data = data(lines, way.old)?;
    for _ in 0..times {
        drop(black_box((way.read)(black_box(&data))?));
    }
    Ok(())
}

/// Whether every way reads the same order.
fn same(lines: u16) -> Result<(), Box<dyn Error>> {
    let read = |way: &Way| (way.read)(&data(lines, way.old)?);
    let [first, others @ ..] = &WAYS;
    let order = read(first)?;
    for way in others {
        assert_eq!(read(way)?, order, "`{}` reads another order", way.name);
    }
    Ok(())
}

/// Prints a line per way; the ratio of the chain.
fn measure(lines: u16, times: u32) -> Result<f64, Box<dyn Error>> {
    let (mut newest, mut chain) = (f64::NAN, f64::NAN);
    for way in WAYS {
        let each = each(&[RUN, way.name, &lines.to_string()], times)?;
        if newest.is_nan() {
            newest = each;
        }
        let ratio = each / newest;
        if way.name == "chain" {
            chain = ratio;
        }
        let bytes = data(lines, way.old)?.get().len();
        println!("| {lines} | {bytes} | {} | {each:.0} | {ratio:.3} |", way.told);
    }
    Ok(chain)
}
