//! `cargo check` of structs that are events, beside the same structs with serde and schemars alone.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml -p event-benches --bin check_time`
//!
//! - `--runs 15`: how often each crate is checked; the median counts
//! - `--structs 100,300`: how many structs the crates have
//! - `--valgrind`: counts instructions by valgrind, once per crate, in place of measuring time: exact on a loaded
//!   machine, at about a minute for 100 structs
//! - `--max-ratio 1.05`: exits with 1 when a ratio is above it
//!
//! The crates are checked in turn, without and with the derive, so that what else the machine does meets both alike.
//! What counts is the time of the compiler on a processor, user and system, of the one crate. Its proc macros are built
//! as cargo builds them for `cargo check`: without optimisation.

#![allow(clippy::disallowed_methods, reason = "a program: it reads its environment")]

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use event_benches::cost::{Cost, Counter};
use event_benches::crates::{COUNTER, Crates, NOTE, Pair};
use event_benches::generate::Mode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let (Some(file), Some(compiler)) = (std::env::var_os(NOTE), args.first()) {
        let counter = Counter::of(&std::env::var(COUNTER)?);
        let code = Cost::note(counter, compiler, args.get(1..).unwrap_or_default(), Path::new(&file))?;
        return Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)));
    }
    let options = Options::read(&args)?;
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let counter = if options.valgrind { Counter::Valgrind } else { Counter::probe() };
    let pairs = options.pairs();
    let crates = Crates::write(repository.join("benches/target/check_time"), &repository, &pairs, counter)?;
    let worst = measure(&crates, &pairs, &options, counter)?;
    Ok(ExitCode::from(u8::from(options.max_ratio.is_some_and(|most| worst > most))))
}

struct Options {
    runs: usize,
    structs: Vec<usize>,
    valgrind: bool,
    max_ratio: Option<f64>,
}

impl Options {
    fn read(args: &[OsString]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { runs: 15, structs: vec![100, 300], valgrind: false, max_ratio: None };
        let mut words = args.iter().map(|word| word.to_string_lossy());
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match &*word {
                "--runs" => options.runs = value()?.parse()?,
                "--structs" => options.structs = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
                "--max-ratio" => options.max_ratio = Some(value()?.parse()?),
                "--valgrind" => options.valgrind = true,
                _ => return Err(format!("unknown option `{word}`").into()),
            }
        }
        Ok(options)
    }

    fn pairs(&self) -> Vec<Pair> {
        let of_mode = |mode| self.structs.iter().map(move |structs| Pair { structs: *structs, mode });
        Mode::ALL.into_iter().flat_map(of_mode).collect()
    }
}

/// Prints a line per pair; the worst ratio. Instructions judge where they were counted.
fn measure(crates: &Crates, pairs: &[Pair], options: &Options, counter: Counter) -> Result<f64, Box<dyn Error>> {
    println!("instructions: {}", told(counter));
    println!("\n| structs | mode | baseline | with DomainEvent | ratio | instructions, ratio |");
    println!("|---:|---|---:|---:|---:|---:|");
    let runs = if options.valgrind { 1 } else { options.runs };
    let mut worst = f64::NAN;
    for pair in pairs {
        let mut costs = [Vec::new(), Vec::new()];
        for _ in 0..runs {
            for (events, costs) in [false, true].into_iter().zip(&mut costs) {
                costs.push(crates.check(*pair, events)?);
            }
        }
        worst = worst.max(line(*pair, &costs, options.valgrind));
    }
    Ok(worst)
}

fn told(counter: Counter) -> &'static str {
    match counter {
        Counter::Perf => "counted by the processor",
        Counter::Valgrind => "counted by valgrind; time is not measured",
        Counter::None => "not counted: `perf stat -e instructions:u` doesn't work here; `--valgrind` does without it",
    }
}

fn line(pair: Pair, costs: &[Vec<Cost>; 2], valgrind: bool) -> f64 {
    let [base, with] = costs.each_ref().map(|costs| median(costs.iter().map(|cost| Some(cost.seconds))));
    let [base_count, with_count] =
        costs.each_ref().map(|costs| median(costs.iter().map(|cost| cost.instructions.map(|count| count as f64))));
    let (ratio, counted) = (with / base, with_count / base_count);
    let (structs, mode) = (pair.structs, pair.mode.name());
    let instructions = if counted.is_nan() { "—".to_owned() } else { format!("{counted:.4}") };
    if valgrind {
        let [base, with] = [base_count / 1e9, with_count / 1e9];
        println!("| {structs} | {mode} | {base:.3} G | {with:.3} G | — | {instructions} |");
        return counted;
    }
    println!("| {structs} | {mode} | {base:.3} s | {with:.3} s | {ratio:.3} | {instructions} |");
    if counted.is_nan() { ratio } else { counted }
}

fn median(values: impl Iterator<Item = Option<f64>>) -> f64 {
    let mut values: Vec<f64> = values.flatten().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
