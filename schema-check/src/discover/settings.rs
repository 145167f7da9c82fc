//! What a manifest may say of us: `[package.metadata.schema-check]`. A misspelt key would be believed and do nothing.

use cargo_metadata::Package;
use serde_json::Value;

use crate::error::CannotRun;
use crate::suggest::did_you_mean;

/// Everything that can be said, and how.
const KNOWN: [(&str, &str); 2] = [
    ("schemas", "`schemas = \"…\"`, a folder below the package"),
    ("features", "`features = [\"…\"]`, features of the package"),
];

/// Refuses keys that nobody knows, and values of another kind.
///
/// # Errors
/// At the first of them.
pub(super) fn check(package: &Package) -> Result<(), CannotRun> {
    let Some(said) = package.metadata.get("schema-check") else { return Ok(()) };
    let refused = |what: String, meant: String, help: &str| {
        let message = format!("{what} in `[package.metadata.schema-check]` of `{}`{meant}", package.name);
        Err(CannotRun::new(message, help))
    };
    let Some(table) = said.as_object() else {
        return refused(
            format!("`{said}` is no table,"),
            String::new(),
            "write `[package.metadata.schema-check]` as a table",
        );
    };
    for (key, value) in table {
        match KNOWN.iter().find(|(known, _)| known == key) {
            None => {
                let known = KNOWN.iter().map(|(known, _)| *known);
                let help = format!("write {}", KNOWN.map(|(_, how)| how).join(", or "));
                return refused(format!("unknown key `{key}`"), did_you_mean(key, known), &help);
            }
            Some((_, how)) if !is_sound(key, value) => {
                return refused(format!("`{key}` is {value}"), String::new(), &format!("write {how}"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn is_sound(key: &str, value: &Value) -> bool {
    match key {
        "schemas" => value.as_str().is_some_and(|folder| !folder.is_empty()),
        _ => value.as_array().is_some_and(|features| features.iter().all(Value::is_string)),
    }
}
