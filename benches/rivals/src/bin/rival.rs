//! Answers the lines of a file as `schema-check compare --jsonl` does: `rival JUDGE FILE`.

use schema_check_rivals::{Judge, ask, judge};
use serde_json::{Value, json};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(file)) = (arguments.next(), arguments.next()) else {
        panic!("usage: rival canonical|jsoncompat|json-schema-diff FILE");
    };
    let judge = judge(&name).expect("the name of a judge");
    let text = std::fs::read_to_string(file).expect("a file that can be read");
    std::panic::set_hook(Box::new(|_| {}));
    // Some judges recurse deeply.
    let work = std::thread::Builder::new().stack_size(1 << 30).spawn(move || {
        text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| println!("{}", answer(judge, line)));
    });
    work.expect("a thread").join().expect("each panic is caught");
}

fn answer(judge: Judge, line: &str) -> Value {
    let line: Value = serde_json::from_str(line).expect("lines of JSON");
    let (old, new) = (&line["old"], &line["new"]);
    let side = |writer: &Value, reader: &Value| {
        let verdict = match ask(judge, role(writer, "writer"), role(reader, "reader")) {
            Some(true) => "compatible",
            Some(false) => "breaking",
            None => "unknown",
        };
        json!({"verdict": verdict})
    };
    json!({"id": line["id"], "backward": side(old, new), "forward": side(new, old)})
}

/// A side is a schema, or a pair of the schemas of writer and reader.
fn role<'a>(side: &'a Value, role: &str) -> &'a Value {
    match side.as_object() {
        Some(pair) if pair.len() == 2 && pair.contains_key("writer") && pair.contains_key("reader") => &side[role],
        _ => side,
    }
}
