//! Names on the wire, as far as what is written and what is read can differ.

use proc_macro2::Span;

use super::Hazard;
use super::settings::{Setting, Settings};
use super::words::Reason;

/// A part that is written under a name by which it isn't read.
pub(super) struct Split {
    about: String,
    span: Span,
    written: String,
    read: String,
}

impl Split {
    pub(super) fn hazard(self, variant: Option<&str>, field: Option<&str>) -> Hazard {
        let reason = Reason::Split { written: self.written, read: self.read };
        reason.hazard(self.about, self.span, variant, field)
    }
}

/// Compares both names of a part: its own `rename`, or what the nearest rule makes of its name in Rust.
pub(super) fn split(
    own: &Settings,
    name: &str,
    rules: [Option<&Setting>; 2],
    apply: fn(&str, &str) -> String,
) -> Option<Split> {
    let rename = own.get("rename");
    let [mut written, mut read] = rename.map_or([None, None], Setting::sides);
    let mut by = rename;
    for rule in rules.into_iter().flatten() {
        let [for_writing, for_reading] = rule.sides();
        written = written.or_else(|| for_writing.map(|case| apply(&case, name)));
        read = read.or_else(|| for_reading.map(|case| apply(&case, name)));
        by = by.or(Some(rule));
    }
    let (written, read) = (written.unwrap_or_else(|| name.to_owned()), read.unwrap_or_else(|| name.to_owned()));
    if written == read || own.aliases().any(|alias| alias == written) {
        return None;
    }
    by.map(|setting| Split { about: setting.about(), span: setting.span(), written, read })
}

/// A field's name, which Rust has in snake_case, in another case of serde's.
pub(super) fn of_field(case: &str, name: &str) -> String {
    match case {
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_ascii_uppercase(),
        "kebab-case" => name.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => name.to_ascii_uppercase().replace('_', "-"),
        "PascalCase" => pascal(name),
        "camelCase" => lower_first(&pascal(name)),
        _ => name.to_owned(),
    }
}

/// A variant's name, which Rust has in PascalCase, in another case of serde's.
pub(super) fn of_variant(case: &str, name: &str) -> String {
    match case {
        "lowercase" => name.to_ascii_lowercase(),
        "UPPERCASE" => name.to_ascii_uppercase(),
        "camelCase" => lower_first(name),
        "snake_case" => snake(name),
        "SCREAMING_SNAKE_CASE" => snake(name).to_ascii_uppercase(),
        "kebab-case" => snake(name).replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => snake(name).to_ascii_uppercase().replace('_', "-"),
        _ => name.to_owned(),
    }
}

fn pascal(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
