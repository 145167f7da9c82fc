//! Variants: which takes every name that the others don't, and under which other names one is read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::decoder::{Answer, expected};
use super::objects::with;
use super::walk::{Seen, Walk};

/// Names that no variant has.
const UNKNOWN: [&str; 2] = ["zz unknown", "Zz"];

/// Looks at all shapes of one place together.
pub(super) fn learn(walk: &mut Walk<'_>, seen: &[Seen]) {
    let names: Vec<Name> = seen.iter().flat_map(|seen| names(walk, seen)).collect();
    let mut told = BTreeSet::new();
    for name in &names {
        // One variant's surroundings do for all names, but its content may stand in the way.
        told.extend(unknown(walk, name, &names));
    }
    for name in &names {
        aliases(walk, name, &names, &told);
    }
}

/// A variant's name: a text by itself, or the tag of an object.
struct Name<'s> {
    seen: &'s Seen,
    tag: Option<String>,
    name: String,
    pointer: String,
}

impl Name<'_> {
    /// The whole event with another name here.
    fn called(&self, other: &str) -> Value {
        self.seen.with(match &self.tag {
            Some(tag) => with(&self.seen.value, tag, json!(other)),
            None => json!(other),
        })
    }

    /// The event with nothing but another tag.
    fn alone(&self, other: &str) -> Option<Value> {
        self.tag.as_ref().map(|tag| self.seen.with(json!({ tag: other })))
    }

    /// Whether the variant has nothing but its name.
    fn is_alone(&self) -> bool {
        self.seen.value.as_object().is_none_or(|object| object.len() == 1)
    }

    /// Which name is written again.
    fn written<'v>(&self, answer: &'v Answer) -> Option<&'v str> {
        let value = answer.written(&self.seen.at)?;
        match &self.tag {
            Some(tag) => value.get(tag)?.as_str(),
            None => value.as_str(),
        }
    }
}

fn names<'s>(walk: &Walk<'_>, seen: &'s Seen) -> Vec<Name<'s>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if seen.value.is_string() {
        let mut names = Vec::new();
        for (part, values) in walk.document.said(&seen.shape, "enum") {
            let each = values.as_array().into_iter().flatten().enumerate();
            let each = each.filter_map(|(at, value)| Some((format!("{part}/enum/{at}"), text(value)?)));
            names.extend(each.map(|(pointer, name)| Name { seen, tag: None, name, pointer }));
        }
        // The tag of an object is looked at with its object.
        let is_tag = seen.pointer.rsplit('/').nth(1) == Some("properties");
        let constant = walk.document.said(&seen.shape, "const").filter(|_| !is_tag);
        let constant = constant.filter_map(|(part, value)| Some((part.to_owned(), text(value)?)));
        names.extend(constant.map(|(pointer, name)| Name { seen, tag: None, name, pointer }));
        return names;
    }
    let in_branch =
        |pointer: &String| seen.shape.branches.iter().any(|(union, at)| pointer.starts_with(&format!("{union}/{at}/")));
    let properties = walk.document.properties(&seen.shape).into_iter();
    let tags = properties.filter(|(_, pointer)| in_branch(pointer)).filter_map(|(tag, pointer)| {
        let name = text(walk.document.at(&pointer)?.get("const")?)?;
        let branch = pointer.rsplit_once("/properties/")?.0.to_owned();
        Some(Name { seen, tag: Some(tag.to_owned()), name, pointer: branch })
    });
    tags.take(1).collect()
}

/// Whether unknown names are read as one of the variants; yields the names that a refusal tells.
fn unknown(walk: &mut Walk<'_>, name: &Name<'_>, names: &[Name<'_>]) -> Vec<String> {
    let first = walk.ask_one(name.called(UNKNOWN[0]));
    let told = first.error().map(expected).unwrap_or_default();
    let mut answers = vec![(first, walk.ask_one(name.called(UNKNOWN[1])))];
    if let [Some(one), Some(other)] = UNKNOWN.map(|unknown| name.alone(unknown)) {
        answers.push((walk.ask_one(one), walk.ask_one(other)));
    }
    if answers.iter().any(|(one, other)| one.is_only_read() && other.is_only_read()) {
        // Which variant it was nobody can tell; one that needs nothing but its name stands for it.
        if let Some(last) = names.iter().rfind(|variant| variant.is_alone() && variant.tag == name.tag) {
            walk.learn(&last.pointer, "other", json!(true));
        }
        return told;
    }
    for (one, other) in &answers {
        let (one, other) = (name.written(one), name.written(other));
        let catch_all = names.iter().find(|variant| Some(variant.name.as_str()) == one && one == other);
        if let Some(variant) = catch_all.filter(|variant| variant.tag == name.tag) {
            walk.learn(&variant.pointer, "other", json!(true));
            break;
        }
    }
    told
}

/// Under which other names the variant is read: what is written again tells.
fn aliases(walk: &mut Walk<'_>, name: &Name<'_>, names: &[Name<'_>], told: &BTreeSet<String>) {
    let of_sources = walk.candidates.get(name.name.as_str()).into_iter().flatten().map(|alias| (*alias).to_owned());
    let mut candidates: BTreeSet<String> = of_sources.chain(told.iter().cloned()).collect();
    candidates.retain(|alias| !names.iter().any(|known| known.name == *alias));
    if candidates.is_empty() {
        return;
    }
    let itself = walk.ask_one(name.called(&name.name));
    let unknown = walk.ask_one(name.called(UNKNOWN[0]));
    for alias in candidates {
        let answer = walk.ask_one(name.called(&alias));
        if answer.is_read() && answer == itself && answer != unknown {
            walk.learn(&name.pointer, "alias", json!([alias]));
        }
    }
}
