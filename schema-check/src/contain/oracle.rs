//! Asks the `jsonschema` crate whether a value is accepted: the witness of every counterexample.

use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

use super::draft::Draft;

/// The keyword under which a lowered schema says that an integer must be spelled like one.
const SPELLING: &str = "x-event-spelling";

/// A validator of a lowered schema.
pub(super) struct Oracle {
    validator: Validator,
}

impl Oracle {
    /// # Errors
    ///
    /// The schema is no valid schema of its draft, or a reference can't be resolved.
    pub(super) fn new(schema: &Value, draft: Draft, assert_formats: bool) -> Result<Self, String> {
        let options = jsonschema::options().offline().with_draft(draft.for_validator());
        let options = options.should_validate_formats(assert_formats).with_keyword(SPELLING, spelling);
        let options = super::format::register(options);
        match options.build(schema) {
            Ok(validator) => Ok(Self { validator }),
            Err(error) => Err(format!("a schema is not valid: {error}")),
        }
    }

    pub(super) fn accepts(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }
}

/// serde_json refuses `1.0` for an integer, a validator doesn't.
pub(super) fn demand_integer_spelling(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let mut spelled: Map<String, Value> =
                object.iter().map(|(key, value)| (key.clone(), demand_integer_spelling(value))).collect();
            if object.get("type").is_some_and(only_integers) {
                spelled.insert(SPELLING.to_owned(), Value::Bool(true));
            }
            Value::Object(spelled)
        }
        Value::Array(list) => Value::Array(list.iter().map(demand_integer_spelling).collect()),
        other => other.clone(),
    }
}

fn only_integers(kind: &Value) -> bool {
    match kind {
        Value::String(name) => name == "integer",
        Value::Array(names) => names.iter().any(|name| name == "integer") && !names.iter().any(|name| name == "number"),
        _ => false,
    }
}

struct Spelling;

impl<'i> jsonschema::Keyword<'i> for Spelling {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        Err(ValidationError::custom("a number with a fraction is no integer to serde"))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match instance {
            Value::Number(number) => !number.to_string().contains(['.', 'e', 'E']),
            _ => true,
        }
    }
}

fn spelling<'a>(
    _parent: &'a Map<String, Value>,
    _value: &'a Value,
    _location: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> jsonschema::Keyword<'i>>, ValidationError<'a>> {
    Ok(Box::new(Spelling))
}
