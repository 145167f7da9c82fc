//! The drafts of JSON Schema that are understood, and how a schema says its own.

use serde_json::Value;

/// A draft of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Draft {
    /// Draft 4.
    Draft4,
    /// Draft 6.
    Draft6,
    /// Draft 7.
    Draft7,
    /// Draft 2019-09.
    Draft201909,
    /// Draft 2020-12.
    #[default]
    Draft202012,
}

impl Draft {
    /// The draft by its short name: `04`, `06`, `07`, `2019-09`, `2020-12`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "4" | "04" => Self::Draft4,
            "6" | "06" => Self::Draft6,
            "7" | "07" => Self::Draft7,
            "2019-09" => Self::Draft201909,
            "2020-12" => Self::Draft202012,
            _ => return None,
        })
    }

    /// The draft that a `$schema` names.
    fn by_uri(uri: &str) -> Option<Self> {
        let bare = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))?;
        Some(match bare.trim_end_matches('#') {
            "json-schema.org/draft-04/schema" => Self::Draft4,
            "json-schema.org/draft-06/schema" => Self::Draft6,
            "json-schema.org/draft-07/schema" | "json-schema.org/schema" => Self::Draft7,
            "json-schema.org/draft/2019-09/schema" => Self::Draft201909,
            "json-schema.org/draft/2020-12/schema" => Self::Draft202012,
            _ => return None,
        })
    }

    /// Whether `$ref` makes its siblings meaningless.
    pub(crate) fn ref_stands_alone(self) -> bool {
        self <= Self::Draft7
    }

    /// Whether `unevaluatedProperties` and its kin exist.
    pub(crate) fn has_unevaluated(self) -> bool {
        self >= Self::Draft201909
    }

    pub(crate) fn for_validator(self) -> jsonschema::Draft {
        match self {
            Self::Draft4 => jsonschema::Draft::Draft4,
            Self::Draft6 => jsonschema::Draft::Draft6,
            Self::Draft7 => jsonschema::Draft::Draft7,
            Self::Draft201909 => jsonschema::Draft::Draft201909,
            Self::Draft202012 => jsonschema::Draft::Draft202012,
        }
    }
}

/// The drafts of writer and reader.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drafts {
    pub(crate) writer: Draft,
    pub(crate) reader: Draft,
}

/// The drafts of two schemas; a boolean takes the other side's.
///
/// # Errors
///
/// A `$schema` that isn't a draft we know, or a root that is no schema.
pub(crate) fn of_both(writer: &Value, reader: &Value, default: Draft) -> Result<Drafts, String> {
    let (writer, reader) = (of_root(writer, default)?, of_root(reader, default)?);
    let either = writer.or(reader).unwrap_or(default);
    Ok(Drafts { writer: writer.unwrap_or(either), reader: reader.unwrap_or(either) })
}

fn of_root(schema: &Value, default: Draft) -> Result<Option<Draft>, String> {
    match schema {
        Value::Bool(_) => Ok(None),
        Value::Object(object) => match object.get("$schema") {
            None => Ok(Some(default)),
            Some(Value::String(uri)) => match Draft::by_uri(uri) {
                Some(draft) => Ok(Some(draft)),
                None => Err(format!("`$schema` names `{uri}`, which is not a draft from 04 to 2020-12")),
            },
            Some(_) => Err("`$schema` is not a text".to_owned()),
        },
        _ => Err("a schema is an object or a boolean".to_owned()),
    }
}
