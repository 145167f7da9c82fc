//! The way from a version to the newest: which events of the code read it.

use serde_json::Value;

use super::Upcasts;
use super::refusal::Step;
use crate::discover::{Event, Reading};

/// A version, and the events that read it, the nearest first.
pub(super) struct Route<'a> {
    pub(super) wire: (&'a str, u32),
    pub(super) newest: &'a Event,
    chain: Vec<&'a Event>,
}

impl<'a> Route<'a> {
    /// `None` where no event of the code reads the version, or nobody can tell which: one on the way is declared twice.
    pub(super) fn of(events: &[&'a Event], event_type: &'a str, event_version: u32) -> Option<Self> {
        let distance = |event: &Event| event.reads_at(event_type, event_version);
        let newest = events.iter().filter_map(|event| Some(((distance(event)?, event.event_version), *event)));
        let (_, newest) = newest.max_by_key(|(order, _)| *order)?;
        let within = |event: &&Event| newest.reads_at(&event.event_type, event.event_version).is_some();
        let mut chain: Vec<(usize, &Event)> =
            events.iter().copied().filter(within).filter_map(|event| Some((distance(event)?, event))).collect();
        chain.sort_by_key(|(distance, _)| *distance);
        let twice = |pair: &[(usize, &Event)]| matches!(pair, [(one, _), (other, _)] if one == other);
        if chain.windows(2).any(twice) {
            return None;
        }
        let chain = chain.into_iter().map(|(_, event)| event).collect();
        Some(Self { wire: (event_type, event_version), newest, chain })
    }

    /// The Rust type of the version itself, if there is one.
    pub(super) fn own(&self) -> Option<&'a Event> {
        let is_own = |event: &&&Event| (event.event_type.as_str(), event.event_version) == self.wire;
        self.chain.iter().find(is_own).copied()
    }

    /// Which of the events on the way fails first; `None` within when nobody answers any more.
    pub(super) fn step(&self, value: &Value, reading: &Reading, upcasts: &mut dyn Upcasts) -> Option<Step> {
        let mut culprit = self.newest;
        for event in &self.chain {
            let readings = upcasts.upcast(event.decoder, self.wire, std::slice::from_ref(value))?;
            if readings.first().is_some_and(|nearer| nearer.is_like(reading)) {
                culprit = event;
                break;
            }
        }
        Some(Step {
            event_type: culprit.event_type.clone(),
            to_version: culprit.event_version,
            place: culprit.place.clone(),
        })
    }
}
