//! The events of the harness: those that count, and poison.

pub mod newer;

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::random::Random;

/// The counter of a key went up to `n`: the events of a key are committed in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "chaos.counted", version = 1, key = key)]
pub struct Counted {
    pub key: String,
    pub n: i64,
}

/// The same, of another type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "chaos.measured", version = 1, key = key)]
pub struct Measured {
    pub key: String,
    pub n: i64,
}

impl Measured {
    /// As it is written.
    pub fn of(event: &Counted) -> Self {
        Self { key: event.key.clone(), n: event.n }
    }

    /// What was counted.
    pub fn counted(&self) -> Counted {
        Counted { key: self.key.clone(), n: self.n }
    }
}

/// The same, but its handler has a hard time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "chaos.poison", version = 1, key = key)]
pub struct Poison {
    pub key: String,
    pub n: i64,
    pub harm: Harm,
    /// Some megabytes, or many arrays within each other.
    #[serde(default)]
    pub load: serde_json::Value,
}

/// What poison does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Harm {
    /// The handler panics, however often it is tried.
    Panics,
    /// The handler never ends.
    NeverEnds,
    /// It is large, and is to be applied like any other.
    IsLarge,
    /// Its data can be passed on, but no handler of ours can read it.
    IsDeep,
}

impl Poison {
    /// What was counted.
    pub fn counted(&self) -> Counted {
        Counted { key: self.key.clone(), n: self.n }
    }
}

/// How large it is, in bytes, and how deep, in arrays: more than a reader's stack is asked to hold.
const LARGE: (u64, u64) = (1_000_000, 4_000_000);
const DEEP: (u64, u64) = (200, 5_000);

/// The type and the data by which a stranger writes `event`: as it is, or poisoned, one time in 16.
pub fn as_strangers_write(event: &Counted, random: &mut Random) -> (&'static str, String) {
    let Counted { key, n } = event;
    let spoilt = |harm: &str, load: &str| {
        (Poison::EVENT_TYPE, format!(r#"{{"key":"{key}","n":{n},"harm":"{harm}","load":{load}}}"#))
    };
    let mut size = |(from, to): (u64, u64)| usize::try_from(from + random.below(to - from)).unwrap();
    let (large, deep) = (size(LARGE), size(DEEP));
    match random.below(400) {
        0..8 => spoilt("Panics", "null"),
        8..16 => spoilt("NeverEnds", "null"),
        16..20 => spoilt("IsLarge", &format!(r#""{}""#, "x".repeat(large))),
        20..24 => spoilt("IsDeep", &format!("{}{}", "[".repeat(deep), "]".repeat(deep))),
        _ => (Counted::EVENT_TYPE, format!(r#"{{"key":"{key}","n":{n}}}"#)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_write_counts_and_of_all_poison_only_the_deep_can_not_be_read() {
        let (mut random, mut harms) = (Random::of(1, "stranger"), Vec::new());
        let event = Counted { key: "k07".to_owned(), n: 3 };
        for _ in 0..4000 {
            let (event_type, data) = as_strangers_write(&event, &mut random);
            assert_eq!(serde_json::from_str::<Counted>(&data).unwrap(), event, "{event_type}");
            if event_type == Poison::EVENT_TYPE {
                harms.push(serde_json::from_str::<Poison>(&data).map_or(Harm::IsDeep, |poison| poison.harm));
            }
        }
        for harm in [Harm::Panics, Harm::NeverEnds, Harm::IsLarge, Harm::IsDeep] {
            assert!(harms.contains(&harm), "{harm:?}");
        }
        assert!((150..350).contains(&harms.len()), "{}", harms.len());
    }
}
