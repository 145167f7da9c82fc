//! `compare`: any two schemas, or a stream of them, without a Rust project.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::Path;

use serde_json::{Value, json};

use super::arguments::Compare;
use super::{Answer, Outcome};
use crate::compare::jsonl;
use crate::contain::{Options, Semantics};
use crate::error::CannotRun;
use crate::files::{render, without_mark};
use crate::report::Format;

pub(super) fn run(compare: &Compare, format: Format) -> Outcome {
    let options = Options::new(Semantics::from(compare.semantics)).default_draft(compare.default_draft);
    match (&compare.jsonl, &compare.old, &compare.new) {
        (Some(lines), ..) => stream(lines, &options),
        (None, Some(old), Some(new)) => two(old, new, &options, format),
        _ => Err(CannotRun::new("two schemas are needed", "schema-check compare OLD NEW")),
    }
}

fn stream(lines: &Path, options: &Options) -> Outcome {
    let input: Box<dyn BufRead> = if lines == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(lines).map_err(|error| unreadable(lines, error))?))
    };
    let output = BufWriter::new(io::stdout().lock());
    jsonl(input, output, options).map_err(|error| {
        CannotRun::new("cannot read a line or write its answer", "see what ended the pipe").because(error)
    })?;
    Ok(Answer::default())
}

/// Two files are a stream of one line.
fn two(old: &Path, new: &Path, options: &Options, format: Format) -> Outcome {
    let line = json!({ "old": schema(old)?, "new": schema(new)? }).to_string();
    let mut output = Vec::new();
    jsonl(line.as_bytes(), &mut output, options)
        .map_err(|error| CannotRun::new("cannot compare", "report this").because(error))?;
    let mut answer: Value = serde_json::from_slice(&output)
        .map_err(|error| CannotRun::new("cannot read the answer", "report this").because(error))?;
    answer.as_object_mut().into_iter().for_each(|answer| drop(answer.remove("id")));
    let compatible =
        |side: &str| answer.pointer(&format!("/{side}/verdict")).and_then(Value::as_str) == Some("compatible");
    let exit = u8::from(!(compatible("backward") && compatible("forward")));
    let text = match format {
        Format::Json => render(&answer),
        _ => ["backward", "forward"].map(|side| told(side, answer.get(side))).concat(),
    };
    Ok(Answer { text, exit, ..Answer::default() })
}

fn told(side: &str, answer: Option<&Value>) -> String {
    let text = |value: Option<&Value>, name: &str| {
        value.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut told = format!("{side}: {}\n", text(answer, "verdict"));
    let findings = answer.and_then(|answer| answer.get("findings")).and_then(Value::as_array);
    for finding in findings.into_iter().flatten() {
        let part = |name| text(Some(finding), name);
        told.push_str(&format!("  {}: {}\n    --> #{}\n", part("rule"), part("message"), part("pointer")));
        if !part("help").is_empty() {
            told.push_str(&format!("    = help: {}\n", part("help")));
        }
    }
    if let Some(example) = answer.and_then(|answer| answer.get("counterexample")) {
        told.push_str(&format!("  for example {example}\n"));
    }
    told
}

fn schema(path: &Path) -> Result<Value, CannotRun> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
    serde_json::from_slice(without_mark(&bytes)).map_err(|error| {
        CannotRun::new(format!("`{}` is not JSON", path.display()), "name files that hold JSON Schemas").because(error)
    })
}

fn unreadable(path: &Path, error: io::Error) -> CannotRun {
    CannotRun::new(format!("cannot read `{}`", path.display()), "name a file that is there").because(error)
}
