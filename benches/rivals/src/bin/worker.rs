//! Tells how long a judge takes: reads `JUDGE COUNT` and so many pairs of lines, writes nanoseconds.

use std::io::BufRead;
use std::time::Instant;

use schema_check_rivals::{ask, judge};
use serde_json::Value;

fn main() {
    let mut lines = std::io::stdin().lock().lines().map(|line| line.expect("lines of text"));
    while let Some(asked) = lines.next() {
        let (name, count) = asked.split_once(' ').expect("a judge and a count");
        if name == "end" {
            return;
        }
        let count: usize = count.parse().expect("a count");
        let texts: Vec<String> = lines.by_ref().take(count * 2).collect();
        let began = Instant::now();
        let parsed: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
        let parsing = began.elapsed();
        let Some(judge) = judge(name) else {
            println!("{}", parsing.as_nanos());
            continue;
        };
        let began = Instant::now();
        for pair in parsed.chunks(2) {
            if let [old, new] = pair {
                let _ = (ask(judge, old, new), ask(judge, new, old));
            }
        }
        println!("{}", began.elapsed().as_nanos());
    }
}
