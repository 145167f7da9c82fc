//! What became of one datum, as JSON. Code of the user may panic; the rest of the request is answered all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::backlog::error_chain;
use crate::upcast::ReadError;

/// Asks, and yields the text of a panic.
pub(super) fn guarded<T>(ask: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(ask)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without text").to_owned()
    })
}

/// What came of reading an older version: the event written again, or which of the two refused it, serde or a step.
pub(super) fn upcast(read: Result<Result<Option<String>, ReadError>, String>) -> Value {
    match read {
        Ok(Ok(text)) => json!({ "ok": text }),
        Ok(Err(ReadError::Decode { event_version, source, .. })) => {
            json!({ "decode": source.to_string(), "event_version": event_version })
        }
        Ok(Err(ReadError::Upcast { to_version, source, .. })) => {
            json!({ "refused": error_chain(source.as_ref()).join(": "), "to_version": to_version })
        }
        Ok(Err(ReadError::UnknownVersion { .. })) => json!({ "unknown_version": true }),
        Err(panic) => json!({ "panic": panic }),
    }
}
