//! What must hold of every verdict. A breach is a panic that prints the pair.

use jsonschema::Validator;
use schema_check::contain::{Draft, Options, Semantics, Verdict, contained};
use serde_json::Value;

/// A validator of the draft, which knows nothing of our engine.
fn validator(schema: &Value, draft: Draft, formats: bool) -> Option<Validator> {
    let draft = match draft {
        Draft::Draft4 => jsonschema::Draft::Draft4,
        Draft::Draft6 => jsonschema::Draft::Draft6,
        Draft::Draft7 => jsonschema::Draft::Draft7,
        Draft::Draft201909 => jsonschema::Draft::Draft201909,
        _ => jsonschema::Draft::Draft202012,
    };
    jsonschema::options().offline().with_draft(draft).should_validate_formats(formats).build(schema).ok()
}

/// Whether two values are equal as JSON Schema sees it, told by a validator.
#[must_use]
pub fn same(left: &Value, right: &Value) -> bool {
    validator(&serde_json::json!({"const": left}), Draft::Draft202012, false).is_some_and(|one| one.is_valid(right))
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// One of the schemas is none.
    NoSchema,
    /// The verdict, and it holds.
    Compatible,
    /// The verdict, and it holds.
    Breaking,
    /// No verdict.
    Unknown,
}

/// The verdict of pure inclusion holds on every value of the pool, and on its own counterexample.
///
/// # Errors
///
/// It does not; says where.
pub fn inclusion(writer: &Value, reader: &Value, draft: Draft, pool: &[Value]) -> Result<Told, String> {
    let (Some(old), Some(new)) = (validator(writer, draft, false), validator(reader, draft, false)) else {
        return Ok(Told::NoSchema);
    };
    let options = Options::new(Semantics::Validation).default_draft(draft);
    match contained(writer, reader, &options) {
        Verdict::Compatible => match pool.iter().find(|value| old.is_valid(value) && !new.is_valid(value)) {
            None => Ok(Told::Compatible),
            Some(value) => Err(breach("said to be compatible", writer, reader, value)),
        },
        Verdict::Breaking { counterexample } if old.is_valid(&counterexample) && !new.is_valid(&counterexample) => {
            Ok(Told::Breaking)
        }
        Verdict::Breaking { counterexample } => Err(breach("no counterexample", writer, reader, &counterexample)),
        _ => Ok(Told::Unknown),
    }
}

/// A schema contains itself.
///
/// # Errors
///
/// It is said not to.
pub fn reflexive(schema: &Value, draft: Draft) -> Result<(), String> {
    match contained(schema, schema, &Options::new(Semantics::Validation).default_draft(draft)) {
        Verdict::Breaking { counterexample } => Err(breach("not in itself", schema, schema, &counterexample)),
        _ => Ok(()),
    }
}

/// What is proved in two steps isn't refuted in one.
///
/// # Errors
///
/// It is.
pub fn transitive(schemas: [&Value; 3], draft: Draft) -> Result<(), String> {
    let [first, second, third] = schemas;
    let options = Options::new(Semantics::Validation).default_draft(draft);
    let within = |inner: &Value, outer: &Value| contained(inner, outer, &options);
    match within(first, third) {
        Verdict::Breaking { counterexample }
            if within(first, second).is_compatible() && within(second, third).is_compatible() =>
        {
            Err(format!("{}\n  through {second}", breach("two steps prove it", first, third, &counterexample)))
        }
        _ => Ok(()),
    }
}

/// The verdict on events holds on every value of the pool that serde can write and read that way.
///
/// `written` and `read` are what writer and reader mean, spelled out by the one who made them.
///
/// # Errors
///
/// It does not; says where.
pub fn events(writer: &Value, reader: &Value, written: &Value, read: &Value, pool: &[Value]) -> Result<Told, String> {
    let draft = Draft::Draft202012;
    let (Some(old), Some(new)) = (validator(written, draft, true), validator(read, draft, true)) else {
        return Ok(Told::NoSchema);
    };
    match contained(writer, reader, &Options::new(Semantics::Events)) {
        Verdict::Compatible => match pool.iter().find(|value| old.is_valid(value) && !new.is_valid(value)) {
            None => Ok(Told::Compatible),
            Some(value) => Err(breach("said to be compatible for events", writer, reader, value)),
        },
        Verdict::Breaking { counterexample } if old.is_valid(&counterexample) => Ok(Told::Breaking),
        Verdict::Breaking { counterexample } => Err(breach("no event", writer, reader, &counterexample)),
        _ => Ok(Told::Unknown),
    }
}

fn breach(what: &str, writer: &Value, reader: &Value, value: &Value) -> String {
    format!("{what}\n  writer {writer}\n  reader {reader}\n  value {value}")
}
