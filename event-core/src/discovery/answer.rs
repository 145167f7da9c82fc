//! What became of one datum, as JSON. Code of the user may panic; the rest of the request is answered all the same.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::backlog::error_chain;
use crate::upcast::ReadError;

/// Where the last panic was.
static AT: Mutex<Option<(String, u32, u32)>> = Mutex::new(None);

/// Takes the place of the hook that prints: keeps where it was.
pub(super) fn note_place(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(|at| (at.file().to_owned(), at.line(), at.column()));
    *AT.lock().unwrap_or_else(PoisonError::into_inner) = at;
}

fn take_place() -> Option<Value> {
    let at = AT.lock().unwrap_or_else(PoisonError::into_inner).take();
    at.map(|(file, line, column)| json!({ "file": file, "line": line, "column": column }))
}

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
        Err(panic) => json!({ "panic": panic, "at": take_place() }),
    }
}
