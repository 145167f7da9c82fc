//! The thorough way: lower both schemas, ask the judges, and look for a witness.

use serde_json::Value;

use super::draft::Drafts;
use super::{Options, Semantics, Verdict, canonical, lower};

/// Schemas that nest deeper than this aren't looked into.
const DEEPEST: usize = 200;
/// The stack of the thread that works on a pair.
const STACK: usize = 64 << 20;

/// Decides a pair on a stack that is large enough for what passes the limits.
pub(super) fn decide(writer: &Value, reader: &Value, drafts: Drafts, options: &Options) -> Verdict {
    if deeper_than(writer, DEEPEST) || deeper_than(reader, DEEPEST) {
        return Verdict::unknown(format!("the schema nests deeper than {DEEPEST} levels"));
    }
    std::thread::scope(|scope| {
        let work = std::thread::Builder::new().stack_size(STACK);
        match work.spawn_scoped(scope, || decide_here(writer, reader, drafts, options)) {
            Ok(thread) => thread.join().unwrap_or_else(|_| Verdict::unknown("a judge gave up on the schema")),
            Err(_) => Verdict::unknown("no thread could be started"),
        }
    })
}

fn decide_here(writer: &Value, reader: &Value, drafts: Drafts, options: &Options) -> Verdict {
    let (writer, reader) = match options.semantics {
        Semantics::Events => (lower::writer(writer, drafts.writer), lower::reader(reader)),
        Semantics::Validation => (writer.clone(), reader.clone()),
    };
    if drafts.writer == drafts.reader && canonical::covers(&writer, &reader, drafts.reader) {
        return Verdict::Compatible;
    }
    Verdict::unknown("no judge could decide it")
}

/// Whether a value nests deeper than `limit`, without recursion.
fn deeper_than(value: &Value, limit: usize) -> bool {
    let mut left = vec![(value, 0)];
    while let Some((value, depth)) = left.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Value::Array(list) => left.extend(list.iter().map(|child| (child, depth + 1))),
            Value::Object(map) => left.extend(map.values().map(|child| (child, depth + 1))),
            _ => {}
        }
    }
    false
}
