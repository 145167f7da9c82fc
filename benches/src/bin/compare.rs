//! Comparing pairs that are parsed already, beside parsing the same JSON, and beside the rivals.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin compare [-- --without-rivals]`
//!
//! Measures run in turn, round by round, and the median of the rounds counts. Here `serde_json` keeps numbers as text
//! (`arbitrary_precision`), as schema-check needs it; the rivals' program parses without.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use schema_check::compare::two;
use schema_check::contain::Options;
use schema_check_benches::{Pair, pair, union};
use serde_json::Value;

const ROUNDS: usize = 9;
/// The rivals take long: their time is measured on this many pairs, and given per pair like the others.
const FOR_RIVALS: usize = 100;
const CHUNK: usize = 500;
const RIVALS: [&str; 3] = ["json-schema-diff", "jsoncompat", "canonical"];

fn main() {
    let with_rivals = !std::env::args().any(|argument| argument == "--without-rivals");
    let mut worker = with_rivals.then(Worker::start);
    println!(
        "| pairs | fields | parse, µs a pair | compare, µs a pair | compare / parse | parse without arbitrary_precision, µs | compare / that |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    let mut beside = Vec::new();
    for many in [1_000, 10_000] {
        for fields in [12, 48] {
            let row = measure(many, fields, worker.as_mut());
            println!(
                "| {many} | {fields} | {:.1} | {:.1} | {:.2} | {:.1} | {:.2} |",
                row.parse,
                row.ours,
                row.ours / row.parse,
                row.plain,
                row.ours / row.plain
            );
            if many == 1_000 {
                beside.push((fields, row));
            }
        }
    }
    for (fields, row) in &beside {
        for (name, time) in RIVALS.iter().zip(&row.rivals) {
            println!(
                "{name}, {fields} fields: {time:.0} µs a pair, {:.0} × parse, {:.0} × ours",
                time / row.plain,
                time / row.ours
            );
        }
    }
    recursive_union();
}

/// Microseconds a pair.
struct Row {
    parse: f64,
    ours: f64,
    plain: f64,
    rivals: Vec<f64>,
}

fn measure(many: usize, fields: usize, mut worker: Option<&mut Worker>) -> Row {
    let pairs: Vec<Pair> = (0..many).map(|number| pair(number, fields)).collect();
    let few: Vec<Pair> = pairs.iter().take(FOR_RIVALS).cloned().collect();
    let (mut parse, mut ours, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    let mut rivals: Vec<Vec<f64>> = vec![Vec::new(); RIVALS.len()];
    for round in 0..ROUNDS {
        let (mut parsing, mut comparing) = (Duration::ZERO, Duration::ZERO);
        for chunk in pairs.chunks(CHUNK) {
            let began = Instant::now();
            let parsed: Vec<(Value, Value)> = chunk.iter().map(|pair| (read(&pair.old), read(&pair.new))).collect();
            parsing += began.elapsed();
            let began = Instant::now();
            let additive = parsed.iter().all(|(old, new)| two(old, new, &Options::default()).is_additive());
            comparing += began.elapsed();
            assert!(additive, "each pair is compatible both ways");
        }
        parse.push(micros(parsing, many));
        ours.push(micros(comparing, many));
        let Some(worker) = worker.as_deref_mut() else { continue };
        plain.push(micros(worker.time("parse", &few), few.len()));
        if many == 1_000 && round < 3 {
            for (name, times) in RIVALS.iter().zip(&mut rivals) {
                times.push(micros(worker.time(name, &few), few.len()));
            }
        }
    }
    Row {
        parse: median(parse),
        ours: median(ours),
        plain: median(plain),
        rivals: rivals.into_iter().map(median).collect(),
    }
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("the pairs are JSON")
}

fn micros(time: Duration, pairs: usize) -> f64 {
    time.as_secs_f64() * 1e6 / pairs as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

fn recursive_union() {
    let (narrow, wide) = (read(&union(12, "integer")), read(&union(12, "number")));
    for (name, old, new) in [("the same", &narrow, &narrow), ("widened in each branch", &narrow, &wide)] {
        let began = Instant::now();
        let verdicts = two(old, new, &Options::default());
        println!(
            "a recursive union of twelve branches, {name}: {:.2} ms, {} and {}",
            began.elapsed().as_secs_f64() * 1e3,
            verdicts.backward.word(),
            verdicts.forward.word()
        );
    }
}

/// The rivals' program, asked line by line.
struct Worker {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Worker {
    fn start() -> Self {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/rivals/Cargo.toml");
        let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["run", "--quiet", "--release", "--manifest-path", manifest, "--bin", "worker"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the rivals can be built");
        let (to, from) = (child.stdin.take().expect("it is piped"), child.stdout.take().expect("it is piped"));
        Self { child, to, from: BufReader::new(from) }
    }

    /// How long a judge takes for these pairs.
    fn time(&mut self, judge: &str, pairs: &[Pair]) -> Duration {
        writeln!(self.to, "{judge} {}", pairs.len()).expect("the worker listens");
        for pair in pairs {
            writeln!(self.to, "{}\n{}", pair.old, pair.new).expect("the worker listens");
        }
        self.to.flush().expect("the worker listens");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("the worker answers");
        Duration::from_nanos(line.trim().parse().expect("the worker answers with nanoseconds"))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = writeln!(self.to, "end 0");
        let _ = self.to.flush();
        let _ = self.child.wait();
    }
}
