//! Answers the lines of a file as `schema-check compare --jsonl` does: `rival JUDGE FILE`.
//!
//! The judge works in a process of its own with little memory. Where one ends it, by its stack or its memory, the line's
//! answer is `unknown`, and another process goes on behind it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use schema_check_rivals::{Judge, ask, judge};
use serde_json::{Value, json};

/// What a judge may take, in kilobytes.
const MEMORY: u32 = 3_500_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [name, file] => supervise(name, file),
        [name, file, from] => work(judge(name).expect("the name of a judge"), file, from.parse().expect("a line")),
        _ => panic!("usage: rival canonical|jsoncompat|json-schema-diff FILE"),
    }
}

fn lines(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a file that can be read");
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// Starts workers until every line has its answer.
fn supervise(name: &str, file: &str) {
    let lines = lines(file);
    let mut done = 0;
    while done < lines.len() {
        done += answered(name, file, done);
        if let Some(line) = lines.get(done) {
            let line: Value = serde_json::from_str(line).expect("lines of JSON");
            let gone = json!({"verdict": "unknown", "reason": "the judge ended the process"});
            println!("{}", json!({"id": line["id"], "backward": gone, "forward": gone}));
            done += 1;
        }
    }
}

/// How many lines a worker answered before it ended.
fn answered(name: &str, file: &str, from: usize) -> usize {
    let program = std::env::current_exe().expect("the path of this program");
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    let mut worker = Command::new("sh");
    worker.arg("-c").arg(limited).arg(program).args([name, file, &from.to_string()]);
    let mut worker = worker.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a worker");
    let out = BufReader::new(worker.stdout.take().expect("it is piped"));
    let mut count = 0;
    for line in out.lines().map_while(Result::ok).filter(|line| line.ends_with('}')) {
        println!("{line}");
        count += 1;
    }
    worker.wait().expect("it was started");
    count
}

fn work(judge: Judge, file: &str, from: usize) {
    let lines = lines(file);
    std::panic::set_hook(Box::new(|_| {}));
    // Some judges recurse deeply.
    let work = std::thread::Builder::new().stack_size(1 << 30).spawn(move || {
        for line in lines.iter().skip(from) {
            println!("{}", answer(judge, line));
            std::io::stdout().flush().expect("somebody reads");
        }
    });
    work.expect("a thread").join().expect("each panic is caught");
}

fn answer(judge: Judge, line: &str) -> Value {
    let line: Value = serde_json::from_str(line).expect("lines of JSON");
    let (old, new) = (&line["old"], &line["new"]);
    let side = |writer: &Value, reader: &Value| {
        let verdict = match ask(judge, role(writer, "writer"), role(reader, "reader")) {
            Some(true) => "compatible",
            Some(false) => "breaking",
            None => "unknown",
        };
        json!({"verdict": verdict})
    };
    json!({"id": line["id"], "backward": side(old, new), "forward": side(new, old)})
}

/// A side is a schema, or a pair of the schemas of writer and reader.
fn role<'a>(side: &'a Value, role: &str) -> &'a Value {
    match side.as_object() {
        Some(pair) if pair.len() == 2 && pair.contains_key("writer") && pair.contains_key("reader") => &side[role],
        _ => side,
    }
}
