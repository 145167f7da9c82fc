//! What every version of a shuffled chain holds, and each kind of step as a plain function.
//!
//! No two kinds of step can change places unseen, nor can two steps of one kind: each depends on the version it leads to.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::values::{Line, Mood, integer, lines, maybe, mood, text};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Content {
    pub(crate) id: String,
    pub(crate) n: i64,
    pub(crate) note: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) mood: Mood,
}

/// A version that has no Rust type any more: the writer of its day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) n: i64,
}

/// Another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Listed(pub(crate) i64, pub(crate) Vec<String>);

pub(crate) type Outcome = Result<Content, String>;

pub(crate) fn content() -> impl Strategy<Value = Content> {
    (text(), integer(), maybe(text()), lines(), mood()).prop_map(|(id, n, note, lines, mood)| Content {
        id,
        n,
        note,
        lines,
        mood,
    })
}

pub(crate) fn named() -> impl Strategy<Value = Named> {
    (text(), integer()).prop_map(|(id, n)| Named { id, n })
}

pub(crate) fn listed() -> impl Strategy<Value = Listed> {
    (integer(), prop::collection::vec(text(), 0..3)).prop_map(|(n, words)| Listed(n, words))
}

/// All fields are moved.
pub(crate) fn moved(old: Content, _: u32) -> Outcome {
    Ok(old)
}

/// Two fields are added with expressions, each of which sees the old value of the other.
pub(crate) fn added(old: Content, version: u32) -> Outcome {
    let n = old.n.wrapping_mul(5).wrapping_add(i64::try_from(old.id.len()).unwrap()).wrapping_add(i64::from(version));
    let id = format!("{}+{}", old.id, old.n);
    Ok(Content { id, n, ..old })
}

/// Two fields are added with their defaults.
pub(crate) fn bare(old: Content, _: u32) -> Outcome {
    Ok(Content { note: None, lines: Vec::new(), ..old })
}

/// What `with = function` does.
pub(crate) fn with(old: Content, version: u32) -> Outcome {
    Ok(reversed(old, version))
}

/// What `impl Upcast` does.
pub(crate) fn hand(old: Content, version: u32) -> Outcome {
    Ok(noted(old, version))
}

/// What `impl TryUpcast` does: about a third of the integers are refused.
pub(crate) fn tried(old: Content, version: u32) -> Outcome {
    let Content { n, mut lines, .. } = old;
    if n.wrapping_add(i64::from(version)).rem_euclid(3) == 0 {
        return Err(format!("version {version} takes no {n} of {:?}", old.id));
    }
    lines.push(Line { sku: version.to_string(), pieces: 1, gift: None });
    Ok(Content { lines, ..old })
}

pub(crate) fn reversed(old: Content, version: u32) -> Content {
    let id = old.id.chars().rev().chain([char::from_digit(version, 36).unwrap()]).collect();
    Content { id, n: !old.n, ..old }
}

pub(crate) fn noted(old: Content, version: u32) -> Content {
    let note = Some(format!("{version}: {:?} was {:?}", old.mood, old.note));
    let mood = match old.mood {
        Mood::Calm => Mood::Loud(u8::try_from(version).unwrap()),
        Mood::Loud(times) => Mood::Named { name: times.to_string() },
        Mood::Named { .. } => Mood::Calm,
    };
    Content { note, mood, ..old }
}

pub(crate) fn of_named(old: Named) -> Outcome {
    Ok(Content { id: old.id, n: old.n, note: None, lines: Vec::new(), mood: Mood::Calm })
}

pub(crate) fn of_listed(Listed(n, words): Listed) -> Outcome {
    let Some((first, others)) = words.split_first() else { return Err(format!("{n} comes without a word")) };
    let lines = others.iter().map(|sku| Line { sku: sku.clone(), pieces: 0, gift: None }).collect();
    Ok(Content { id: first.clone(), n, note: None, lines, mood: Mood::Loud(0) })
}
