#![no_main]
//! `compare`: any two schemas, and any line. The first byte picks whether the rest is choices or text.

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use schema_check::compare::jsonl;
use schema_check::contain::{Options, Semantics};
use schema_check_fuzz::{DRAFTS, Draw, Style, edited, laws, pool, schema};
use serde_json::Value;

fn values() -> &'static [Value] {
    static POOL: OnceLock<Vec<Value>> = OnceLock::new();
    POOL.get_or_init(pool)
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    if first % 4 == 0 {
        for semantics in [Semantics::Events, Semantics::Validation] {
            let mut answers = Vec::new();
            jsonl(rest, &mut answers, &Options::new(semantics)).expect("memory can be written");
            let asked =
                rest.split(|byte| *byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace)).count();
            assert!(answers.split(|byte| *byte == b'\n').count() > asked || rest.starts_with(b"\xef\xbb\xbf"));
        }
        return;
    }
    let mut draw = Draw::new(rest);
    let (draft, uri) = draw.one(&DRAFTS);
    let old = schema(&mut draw, draft, uri);
    let new = edited(&old, &mut draw, Style { draft, depth: 1, inside: false });
    for (writer, reader) in [(&old, &new), (&new, &old)] {
        laws::inclusion(writer, reader, draft, values()).unwrap();
    }
    laws::reflexive(&old, draft).unwrap();
});
