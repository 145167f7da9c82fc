//! A lamp that gets a new name twice and counts anew, above versions whose types are gone.

use event_core::{DomainEvent, TryUpcast, Upcast};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ladder::{Ladder, Rung};
use crate::values::{integer, maybe, text};

/// By hand, from a schema, and under another name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "lamp.switched", version = 2, keyless, from_schema = 1, was = "light.switched", superseded)]
enum Lamp {
    On,
    Off,
    Dimmed(i64),
}

impl TryUpcast<Value> for Lamp {
    type Error = String;

    fn try_upcast(old: Value) -> Result<Self, String> {
        match &old {
            Value::Bool(true) => Ok(Self::On),
            Value::Bool(false) => Ok(Self::Off),
            Value::Number(level) => level.as_i64().map(Self::Dimmed).ok_or_else(|| format!("{level} is no level")),
            other => Err(format!("{other} is no state")),
        }
    }
}

/// The writer of version 1, in its day.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Light {
    Switched(bool),
    Level(i64),
    Unknown(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "lamp.set", version = 1, keyless, from = Lamp, was = "lamp.switched", with, superseded)]
struct Set(i64);

impl Upcast<Lamp> for Set {
    fn upcast(old: Lamp) -> Self {
        match old {
            Lamp::On => Self(i64::MAX),
            Lamp::Off => Self(0),
            Lamp::Dimmed(level) => Self(level),
        }
    }
}

/// The second field of each tuple goes its own way: retyped, moved, and left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "lamp.set", version = 2, keyless, from = Set, superseded)]
struct Both(#[event(added = old.0.to_string())] String, #[event(added = old.0 > 0)] bool);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "lamp.set", version = 3, keyless, from = Both, superseded)]
struct Bright(#[event(added)] Option<i64>, bool, #[event(added = format!("{}!", old.0))] String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "lamp.set", version = 4, keyless, from = Bright)]
struct Dark(Option<i64>);

fn of_light(old: Light) -> Result<Lamp, String> {
    match old {
        Light::Switched(on) => Ok(if on { Lamp::On } else { Lamp::Off }),
        Light::Level(level) => Ok(Lamp::Dimmed(level)),
        Light::Unknown(word) => Err(format!("{} is no state", Value::String(word))),
    }
}

fn to_set(old: Lamp) -> Set {
    match old {
        Lamp::Dimmed(level) => Set(level),
        state => Set(if state == Lamp::On { i64::MAX } else { 0 }),
    }
}

fn to_both(Set(level): Set) -> Both {
    Both(level.to_string(), level > 0)
}

fn to_bright(Both(word, lit): Both) -> Bright {
    Bright(None, lit, word + "!")
}

fn to_dark(old: Bright) -> Dark {
    Dark(old.0)
}

fn light() -> impl Strategy<Value = Light> {
    prop_oneof![
        any::<bool>().prop_map(Light::Switched),
        integer().prop_map(Light::Level),
        text().prop_map(Light::Unknown)
    ]
}

fn lamp() -> impl Strategy<Value = Lamp> {
    prop_oneof![Just(Lamp::On), Just(Lamp::Off), integer().prop_map(Lamp::Dimmed)]
}

fn rungs() -> Vec<Rung> {
    let both = (text(), any::<bool>()).prop_map(|(word, lit)| Both(word, lit));
    vec![
        Rung::gone(("light.switched", 1), light(), of_light).refuses(),
        Rung::bottom(("lamp.switched", 2), lamp()),
        Rung::above(("lamp.set", 1), integer().prop_map(Set), |old| Ok(to_set(old))),
        Rung::above(("lamp.set", 2), both, |old| Ok(to_both(old))),
    ]
}

fn ladder() -> Ladder<Dark> {
    let bright = (maybe(integer()), any::<bool>(), text()).prop_map(|(level, lit, word)| Bright(level, lit, word));
    let top = [
        Rung::above(("lamp.set", 3), bright, |old| Ok(to_bright(old))),
        Rung::above(("lamp.set", 4), maybe(integer()).prop_map(Dark), |old| Ok(to_dark(old))),
    ];
    Ladder::new(rungs().into_iter().chain(top))
}

#[test]
fn every_version_reads_as_by_its_steps_one_by_one() {
    ladder().holds();
    let below: Ladder<Both> = Ladder::new(rungs());
    below.holds();
}

#[test]
fn exactly_the_versions_of_the_chain_are_known() {
    ladder().is_whole();
}
