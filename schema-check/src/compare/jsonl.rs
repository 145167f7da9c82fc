//! One comparison a line, in the order in which they came; a line that can't be compared is answered like any other.

use std::io::{self, BufRead, Write};

use serde_json::{Map, Value};

use crate::contain::{Comparison, Options, Pair, Verdict};
use crate::explain::explain;
use crate::files::without_mark;
use crate::finding::{Direction, Finding, Subject};
use crate::rules::undecided;

const LINE: &str = "write a comparison on a line of its own: `{\"id\": 1, \"old\": {…}, \"new\": {…}}`";

/// Answers each line of `input` with one line of `output`.
///
/// # Errors
///
/// `input` can't be read or `output` can't be written; never because of what a line says.
pub fn jsonl(input: impl BufRead, mut output: impl Write, options: &Options) -> io::Result<()> {
    for (number, line) in input.split(b'\n').enumerate() {
        let line = line?;
        let line = if number == 0 { without_mark(&line) } else { &line };
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        serde_json::to_writer(&mut output, &answer(line, options))?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

fn answer(line: &[u8], options: &Options) -> Value {
    let line: Value = match serde_json::from_slice(line) {
        Ok(line) => line,
        Err(error) => return unanswerable(&readable_id(line), &format!("the line can't be read: {error}")),
    };
    let id = line.get("id").cloned().unwrap_or_default();
    let (Some(old), Some(new)) = (line.get("old"), line.get("new")) else {
        return unanswerable(&id, "a line is an object with `id`, `old` and `new`");
    };
    let (old, new) = (Pair::of_side(old), Pair::of_side(new));
    let Comparison { backward, forward } = crate::contain::compare(old, new, options);
    let findings = |direction, verdict| explain(&Subject::ANONYMOUS, &old, &new, direction, verdict, options);
    both(
        &id,
        side(&backward, &findings(Direction::Backward, &backward)),
        side(&forward, &findings(Direction::Forward, &forward)),
    )
}

fn unanswerable(id: &Value, reason: &str) -> Value {
    let unknown = |direction| {
        let finding = undecided::finding(direction, reason).help(LINE);
        side(&Verdict::unknown(reason), &[finding])
    };
    both(id, unknown(Direction::Backward), unknown(Direction::Forward))
}

fn both(id: &Value, backward: Value, forward: Value) -> Value {
    let mut answer = Map::new();
    answer.insert("id".to_owned(), id.clone());
    answer.insert("backward".to_owned(), backward);
    answer.insert("forward".to_owned(), forward);
    Value::Object(answer)
}

fn side(verdict: &Verdict, findings: &[Finding]) -> Value {
    let mut side = Map::new();
    side.insert("verdict".to_owned(), verdict.word().into());
    side.insert("findings".to_owned(), findings.iter().map(to_json).collect());
    match verdict {
        Verdict::Breaking { counterexample } => drop(side.insert("counterexample".to_owned(), counterexample.clone())),
        Verdict::Unknown { reason } => drop(side.insert("reason".to_owned(), reason.clone().into())),
        Verdict::Compatible => {}
    }
    Value::Object(side)
}

fn to_json(finding: &Finding) -> Value {
    let mut object = Map::new();
    let help = finding.help.as_deref().unwrap_or_default();
    for (key, text) in
        [("rule", finding.rule), ("pointer", &finding.pointer), ("message", &finding.message), ("help", help)]
    {
        object.insert(key.to_owned(), text.into());
    }
    Value::Object(object)
}

/// The `id` of a line that doesn't parse: a text or a number after the key `"id"`, at the top level of the object.
fn readable_id(line: &[u8]) -> Value {
    let mut reader = TopLevel { depth: 0, text: line };
    reader.id().unwrap_or_default()
}

struct TopLevel<'a> {
    depth: usize,
    text: &'a [u8],
}

impl TopLevel<'_> {
    fn id(&mut self) -> Option<Value> {
        while let Some((first, rest)) = self.text.split_first() {
            match first {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.checked_sub(1)?,
                b'"' => {
                    let text = self.token::<String>()?;
                    if self.depth == 1 && text == "id" && self.skip_colon() {
                        return self.token::<Scalar>().map(|Scalar(id)| id);
                    }
                    continue;
                }
                _ => {}
            }
            self.text = rest;
        }
        None
    }

    fn skip_colon(&mut self) -> bool {
        let after = self.text.trim_ascii_start();
        match after.strip_prefix(b":") {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn token<T: serde::de::DeserializeOwned>(&mut self) -> Option<T> {
        let mut stream = serde_json::Deserializer::from_slice(self.text).into_iter::<T>();
        let token = stream.next()?.ok()?;
        let taken = stream.byte_offset();
        self.text = self.text.get(taken..)?;
        Some(token)
    }
}

#[derive(serde::Deserialize)]
struct Scalar(Value);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_holds_no_comparison_is_told_how_one_looks() {
        for line in ["nonsense", r#"{"id": 1, "old": {}}"#, "[1]"] {
            let told = answer(line.as_bytes(), &Options::default());
            for side in ["backward", "forward"] {
                let finding = told.pointer(&format!("/{side}/findings/0"));
                assert_eq!(finding.and_then(|finding| finding.get("help")), Some(&Value::from(LINE)), "{line}");
                assert_eq!(told.pointer(&format!("/{side}/verdict")), Some(&Value::from("unknown")), "{line}");
            }
        }
    }
}
