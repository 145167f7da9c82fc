//! One comparison a line, in the order in which they came; a line that can't be compared is answered like any other.

use std::io::{self, BufRead, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::contain::{Comparison, Options, Pair, Verdict};

/// What explains a verdict: a rule that fired, where, why, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// Where in the new schema, or in the old one if only that has it (RFC 6901).
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    pub help: String,
}

impl Finding {
    /// A finding of `rule` at `pointer`.
    #[must_use]
    pub fn new(rule: &str, pointer: &str, message: &str, help: &str) -> Self {
        let [rule, pointer, message, help] = [rule, pointer, message, help].map(str::to_owned);
        Self { rule, pointer, message, help }
    }
}

/// Explains a comparison of `old` and `new`: the findings backward, then forward.
pub type Explain<'a> = &'a dyn Fn(Pair<'_>, Pair<'_>, &Comparison) -> (Vec<Finding>, Vec<Finding>);

/// Answers each line of `input` with one line of `output`.
///
/// # Errors
///
/// `input` can't be read or `output` can't be written; never because of what a line says.
pub fn jsonl(input: impl BufRead, mut output: impl Write, options: &Options, explain: Explain<'_>) -> io::Result<()> {
    for line in input.split(b'\n') {
        let line = line?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        serde_json::to_writer(&mut output, &answer(&line, options, explain))?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

fn answer(line: &[u8], options: &Options, explain: Explain<'_>) -> Value {
    let line: Value = match serde_json::from_slice(line) {
        Ok(line) => line,
        Err(error) => return unanswerable(&readable_id(line), &format!("the line can't be read: {error}")),
    };
    let id = line.get("id").cloned().unwrap_or_default();
    let (Some(old), Some(new)) = (line.get("old"), line.get("new")) else {
        return unanswerable(&id, "a line is an object with `id`, `old` and `new`");
    };
    let (old, new) = (Pair::of_side(old), Pair::of_side(new));
    let comparison = crate::contain::compare(old, new, options);
    let (backward, forward) = explain(old, new, &comparison);
    both(&id, side(&comparison.backward, &backward), side(&comparison.forward, &forward))
}

fn unanswerable(id: &Value, reason: &str) -> Value {
    let unknown = || side(&Verdict::unknown(reason), &[]);
    both(id, unknown(), unknown())
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
    side.insert("findings".to_owned(), findings.iter().map(Finding::to_json).collect());
    match verdict {
        Verdict::Breaking { counterexample } => drop(side.insert("counterexample".to_owned(), counterexample.clone())),
        Verdict::Unknown { reason } => drop(side.insert("reason".to_owned(), reason.clone().into())),
        Verdict::Compatible => {}
    }
    Value::Object(side)
}

impl Finding {
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        for (key, text) in
            [("rule", &self.rule), ("pointer", &self.pointer), ("message", &self.message), ("help", &self.help)]
        {
            object.insert(key.to_owned(), text.clone().into());
        }
        Value::Object(object)
    }
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
