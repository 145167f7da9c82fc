//! The other judges, each asked whether all that `writer` accepts is accepted by `reader`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsoncompat::{CompatibilityResult, Role, SchemaDocument, analyze_compat};
use jsonschema::canonical::Containment;
use serde_json::Value;

/// What a judge says; `None` where it can't tell.
pub type Judge = fn(&Value, &Value) -> Option<bool>;

/// A judge by its name.
#[must_use]
pub fn judge(name: &str) -> Option<Judge> {
    Some(match name {
        "canonical" => canonical,
        "jsoncompat" => jsoncompat,
        "json-schema-diff" => json_schema_diff,
        _ => return None,
    })
}

/// A judge's answer; a panic is none.
#[must_use]
pub fn ask(judge: Judge, writer: &Value, reader: &Value) -> Option<bool> {
    catch_unwind(AssertUnwindSafe(|| judge(writer, reader))).ok().flatten()
}

fn canonical(writer: &Value, reader: &Value) -> Option<bool> {
    let canonical = |schema| jsonschema::canonical::options().offline().canonicalize(schema).ok();
    match canonical(reader)?.covers(&canonical(writer)?) {
        Ok(Containment::Yes) => Some(true),
        Ok(Containment::No) => Some(false),
        _ => None,
    }
}

/// A serializer's change is judged by pure inclusion of the new schema in the old. It refuses a `$schema` other than
/// 2020-12, so it is told none.
fn jsoncompat(writer: &Value, reader: &Value) -> Option<bool> {
    let document = |schema: &Value| {
        let mut schema = schema.clone();
        schema.as_object_mut().map(|root| root.remove("$schema"));
        SchemaDocument::from_json(&schema).ok()
    };
    match analyze_compat(&document(reader)?, &document(writer)?, Role::Serializer).ok()? {
        CompatibilityResult::Compatible => Some(true),
        CompatibilityResult::Incompatible { .. } => Some(false),
        CompatibilityResult::Unknown { .. } => None,
    }
}

fn json_schema_diff(writer: &Value, reader: &Value) -> Option<bool> {
    let changes = json_schema_diff::diff(writer.clone(), reader.clone()).ok()?;
    Some(!changes.iter().any(|change| change.change.is_breaking()))
}
