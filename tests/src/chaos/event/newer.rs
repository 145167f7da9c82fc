//! The events as a newer build has them: one changed so that older readers still read it, one so that they can't.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Counted as CountedV1, Measured as MeasuredV1};

/// With a field that older readers pass over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "chaos.counted", version = 2, key = key, from = CountedV1, readable_since = 1)]
pub struct Counted {
    pub key: String,
    pub n: i64,
    #[serde(default)]
    #[event(added)]
    pub note: String,
}

/// With a unit, without which `n` says something else: no older reader may take it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "chaos.measured", version = 2, key = key, from = MeasuredV1)]
pub struct Measured {
    pub key: String,
    pub n: i64,
    #[event(added = "pieces".to_owned())]
    pub unit: String,
}

impl Counted {
    /// As a newer build writes it.
    pub fn of(event: &CountedV1) -> Self {
        Self { key: event.key.clone(), n: event.n, note: "by a newer build".to_owned() }
    }
}

impl Measured {
    /// As a newer build writes it.
    pub fn of(event: &CountedV1) -> Self {
        Self { key: event.key.clone(), n: event.n, unit: "dozens".to_owned() }
    }

    /// What was counted.
    pub fn counted(&self) -> CountedV1 {
        CountedV1 { key: self.key.clone(), n: self.n }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_build_reads_the_one_and_not_the_other() {
        assert_eq!((Counted::READABLE_SINCE, Measured::READABLE_SINCE), (1, 2));
        assert_eq!((CountedV1::EVENT_VERSION, MeasuredV1::EVENT_VERSION), (1, 1));
    }
}
