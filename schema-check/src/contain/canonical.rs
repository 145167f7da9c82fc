//! The second judge: the canonical form of the `jsonschema` crate, where our own prover is undecided.

use jsonschema::canonical::{CanonicalSchema, Containment};
use serde_json::Value;

use super::draft::Draft;

/// Whether the judge proves that `reader` accepts all that `writer` accepts. It ignores `format`.
pub(super) fn covers(writer: &Value, reader: &Value, draft: Draft) -> bool {
    let (Some(writer), Some(reader)) = (canonical(writer, draft), canonical(reader, draft)) else { return false };
    matches!(reader.covers(&writer), Ok(Containment::Yes))
}

fn canonical(schema: &Value, draft: Draft) -> Option<CanonicalSchema> {
    let options = jsonschema::canonical::options().offline().with_draft(draft.for_validator());
    options.canonicalize(schema).ok()
}
