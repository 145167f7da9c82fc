//! The conversation with schema-check: lines on stdout that begin with its nonce, requests as lines on stdin.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

use super::answer::note_place;
use super::event::{Discovered, registered};

/// The variable that holds the nonce when schema-check starts a program.
const NONCE: &str = "__EVENT_DISCOVER";

/// schema-check looks for this text in a program before it starts it: only `serve_if_asked` mentions it.
const MARKER: &str = "event-core answers schema-check before main, protocol 1";

// SAFETY: the section holds pointers to functions which the loader calls without a result before `main`; this one
// never unwinds, as an `extern "C"` function aborts instead. It comes after the events' own: plain `.init_array`
// follows the numbered ones, `.CRT$XCW` follows `.CRT$XCU`, and Mach-O keeps the order in which crates are linked.
#[allow(unsafe_code, reason = "the only way to run before `main`, in the tool's own builds alone")]
#[used]
#[cfg_attr(not(any(target_vendor = "apple", windows)), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(windows, unsafe(link_section = ".CRT$XCW"))]
static SERVE: extern "C" fn() = serve_if_asked;

#[allow(
    clippy::disallowed_methods,
    reason = "schema-check starts the program with this variable, nothing else sets it"
)]
extern "C" fn serve_if_asked() {
    let Some(nonce) = std::env::var_os(NONCE).and_then(|nonce| nonce.into_string().ok()) else { return };
    std::panic::set_hook(Box::new(note_place));
    let done = serve(&nonce, MARKER, &registered(), io::stdin().lock(), io::stdout().lock());
    // The program's own `main` must not run, whatever happened.
    std::process::exit(if done.is_ok() { 0 } else { 1 });
}

fn serve(
    nonce: &str,
    marker: &str,
    events: &[&Discovered],
    requests: impl BufRead,
    mut out: impl Write,
) -> io::Result<()> {
    let mut say = |line: Value| {
        writeln!(out, "{nonce} {line}")?;
        out.flush()
    };
    for event in events {
        say(json!({ "event": event.describe() }))?;
    }
    say(json!({ "events": events.len(), "protocol": marker }))?;
    for request in requests.lines() {
        say(answer(events, &request?))?;
    }
    Ok(())
}

fn answer(events: &[&Discovered], request: &str) -> Value {
    let request: Value = serde_json::from_str(request).unwrap_or_default();
    let asked = |name: &str| {
        let index = request.get(name)?.get("index")?.as_u64().and_then(|index| usize::try_from(index).ok())?;
        Some((events.get(index)?, request.get(name)?.get("data")?))
    };
    if let Some((event, Value::String(data))) = asked("decode") {
        return event.decode(data);
    }
    if let Some((event, Value::Array(all))) = asked("decode_all") {
        let each = all.iter().map(|data| event.decode(data.as_str().unwrap_or_default()));
        return json!({ "all": each.collect::<Vec<_>>() });
    }
    if let Some((event, Value::Array(all))) = asked("upcast") {
        let of = |name: &str| request.get("upcast").and_then(|asked| asked.get(name));
        let event_type = of("event_type").and_then(Value::as_str).unwrap_or_default();
        let version = of("event_version").and_then(Value::as_u64).and_then(|version| u32::try_from(version).ok());
        let up = |data: &Value| event.upcast(event_type, version.unwrap_or(0), data.as_str().unwrap_or_default());
        return json!({ "all": all.iter().map(up).collect::<Vec<_>>() });
    }
    json!({ "unknown": request })
}
