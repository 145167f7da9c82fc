//! What an event costs: at most 40 formatted lines plus 2 per field or variant, and 2 kB plus 60 bytes each; at most
//! three impls; no async and no generic function.
//!
//! The user's names, types and expressions don't count. Here they are as short as Rust allows, and do count: what is
//! measured is an upper bound.

use syn::visit::{self, Visit};
use syn::{File, ItemImpl, Signature};

use super::derived;

/// An event: what it is, how many fields and variants it has, and its item.
struct Event {
    name: &'static str,
    parts: usize,
    item: String,
}

/// `a: A, b: A, …`, each with `attribute`.
fn fields(count: u8, attribute: &str) -> String {
    (0..count).map(|n| format!("{attribute} {}: A,", char::from(b'a' + n))).collect()
}

fn structure(name: &'static str, count: u8, rest: &str, attribute: &str) -> Event {
    let item = format!("#[event(type = \"a.b\", {rest})] struct A {{ {} }}", fields(count, attribute));
    Event { name, parts: usize::from(count), item }
}

fn enumeration(name: &'static str, rest: &str, variant: &str, parts: usize) -> Event {
    let variants: String = ["A", "B", "C", "D", "E"].map(|ident| format!("{ident} {variant},")).concat();
    Event { name, parts, item: format!("#[event(type = \"a.b\", {rest})] enum A {{ {variants} }}") }
}

fn events() -> Vec<Event> {
    let one = |name, rest| structure(name, 1, rest, "");
    vec![
        one("1 field, a key", "version = 1, key = a"),
        one("1 field, keyless", "version = 1, keyless"),
        one("1 field, a function as its key", "version = 1, key = A::a"),
        one("1 field, superseded", "version = 1, key = a, superseded"),
        one("1 field, foreign", "version = 3, foreign"),
        one("1 field, foreign, a step", "version = 2, key = a, foreign, from = B"),
        one("1 field, an aggregate", "version = 1, key = a, aggregate = \"a\""),
        one("1 field, a step by a function", "version = 2, key = a, from = B, with = a::a"),
        one("1 field, a step by hand", "version = 2, key = a, from = B, with"),
        one("1 field, renamed", "version = 2, key = a, from = B, was = \"a.a\""),
        one("1 field, a twin", "version = 2, key = a, from = B, also = B, readable_since = 1"),
        one("1 field, deprecated", "version = 1, key = a, deprecated(sunset = \"2027-01-01T00:00:00Z\")"),
        one("1 field, two schemas", "version = 3, key = a, from_schema(1 = a::a, 2 = a::a)"),
        one(
            "1 field, all of it",
            "version = 2, key = a, from = B, was = \"a.a\", also = B, readable_since = 1, deprecated(from = \"2026-01-01T00:00:00Z\")",
        ),
        structure("8 fields, a key", 8, "version = 1, key = a", ""),
        structure("8 fields, a key of two", 8, "version = 1, key = (a, b)", ""),
        structure("8 fields, a step", 8, "version = 2, key = a, from = B", ""),
        structure("8 fields, a step that adds all", 8, "version = 2, key = a, from = B", "#[event(added)]"),
        structure("20 fields, a key", 20, "version = 1, key = a", ""),
        structure("20 fields, a step", 20, "version = 2, key = a, from = B", ""),
        structure("20 fields, a step that adds all", 20, "version = 2, key = a, from = B", "#[event(added = a)]"),
        Event { name: "no field", parts: 0, item: "#[event(type = \"a.b\", version = 1, keyless)] struct A;".into() },
        Event {
            name: "a tuple of 3",
            parts: 3,
            item: "#[event(type = \"a.b\", version = 2, key = 0, from = B)] struct A(A, A, #[event(added)] A);".into(),
        },
        enumeration("5 variants, keyless", "version = 1, keyless", "", 5),
        enumeration("5 variants of 1 field, a key", "version = 1, key = a", "{ a: A }", 10),
        enumeration("5 variants of 3 fields, a key of two", "version = 1, key = (a, b)", "{ a: A, b: A, c: A }", 20),
        enumeration("5 variants of a tuple, a step by hand", "version = 2, key = 0, from = B", "(A)", 10),
    ]
}

#[test]
fn an_event_costs_at_most_40_lines_and_2_kb_and_a_little_per_field() {
    println!("{:>5} {:>5}  {:>5} {:>5}  event", "lines", "of", "bytes", "of");
    for event in events() {
        let output = derived(&event.item);
        let (lines, most_lines) = (output.lines().count(), 40 + 2 * event.parts);
        let (bytes, most_bytes) = (output.len(), 2_000 + 60 * event.parts);
        println!("{lines:>5} {most_lines:>5}  {bytes:>5} {most_bytes:>5}  {}", event.name);
        assert!(lines <= most_lines, "{}: {lines} lines of {most_lines}\n{output}", event.name);
        assert!(bytes <= most_bytes, "{}: {bytes} bytes of {most_bytes}\n{output}", event.name);
    }
}

#[test]
fn an_event_is_data() {
    for event in events() {
        let mut counted = Counted::default();
        let output: File = syn::parse_str(&derived(&event.item)).expect("the output is a file of Rust");
        counted.visit_file(&output);
        assert!(counted.impls <= 3, "{} has {} impls", event.name, counted.impls);
        assert_eq!((counted.asynchronous, counted.generic), (0, 0), "{}", event.name);
    }
}

#[derive(Default)]
struct Counted {
    impls: usize,
    asynchronous: usize,
    generic: usize,
}

impl<'ast> Visit<'ast> for Counted {
    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        self.impls += 1;
        visit::visit_item_impl(self, item);
    }

    fn visit_signature(&mut self, signature: &'ast Signature) {
        self.asynchronous += usize::from(signature.asyncness.is_some());
        self.generic += usize::from(!signature.generics.params.is_empty());
        visit::visit_signature(self, signature);
    }
}
