//! What was refused, told by the plainest value that shows it.

use std::cell::RefCell;

use serde_json::Value;

use super::Upcasts;
use super::route::Route;
use super::samples::OfRevision;
use crate::contain::plainest;
use crate::discover::{Place, Reading};

/// How many different failures of one revision are told.
const MOST: usize = 3;

/// What the samples of a version came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trial {
    /// The wire type.
    pub event_type: String,
    /// The version.
    pub event_version: u32,
    /// Whether the code has a Rust type of the version.
    pub has_type: bool,
    /// How many payloads of it are golden.
    pub golden: usize,
    /// What was refused.
    pub refusals: Vec<Refusal>,
}

/// A sample that did not become the newest version.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The plainest that fails in this way, or a golden payload as it is.
    pub sample: Value,
    /// The index of a golden payload.
    pub golden: Option<usize>,
    /// The revision in the history that it is a sample of.
    pub number: Option<u32>,
    /// What came of it.
    pub reading: Reading,
    /// Where it failed.
    pub step: Step,
}

/// The event of the code that failed first on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The wire type.
    pub event_type: String,
    /// The version that the step leads to; the sample's own where its type refused it.
    pub to_version: u32,
    /// Where the event is declared.
    pub place: Place,
}

impl Trial {
    pub(super) fn new(route: &Route<'_>) -> Self {
        let (event_type, event_version) = route.wire;
        let has_type = route.own().is_some();
        Self { event_type: event_type.to_owned(), event_version, has_type, golden: 0, refusals: Vec::new() }
    }

    /// Whether all golden payloads are read.
    pub(crate) fn is_vouched_for(&self) -> bool {
        self.golden > 0 && self.refusals.iter().all(|refusal| refusal.golden.is_none())
    }

    /// Whether it only shows that the schema promises more than the code keeps: of the version's own type, or of an
    /// upcaster that may refuse.
    pub(crate) fn is_tolerable(&self, refusal: &Refusal) -> bool {
        match refusal.reading {
            Reading::Decode { .. } => refusal.golden.is_none() && self.has_type,
            Reading::Refused { .. } => refusal.golden.is_none(),
            _ => false,
        }
    }
}

/// Adds each failure of a revision once; `None` when nobody answers any more.
pub(super) fn of_generated(
    trial: &mut Trial,
    route: &Route<'_>,
    revision: &OfRevision,
    readings: &[Reading],
    upcasts: &mut dyn Upcasts,
) -> Option<()> {
    let refused = revision.values.iter().zip(readings).filter(|(_, reading)| **reading != Reading::Read);
    let mut told = 0;
    for (value, reading) in refused {
        let is_known = trial.refusals.iter().any(|known| known.reading.is_like(reading));
        if is_known || told == MOST {
            continue;
        }
        told += 1;
        let (sample, reading) = plainly(value, reading, route, revision, upcasts);
        let step = route.step(&sample, &reading, upcasts)?;
        trial.refusals.push(Refusal { sample, golden: None, number: revision.number, reading, step });
    }
    Some(())
}

/// The plainest sample of the revision that fails in the same way, and what is said of it.
fn plainly(
    value: &Value,
    reading: &Reading,
    route: &Route<'_>,
    revision: &OfRevision,
    upcasts: &mut dyn Upcasts,
) -> (Value, Reading) {
    let upcasts = RefCell::new(upcasts);
    let read = |value: &Value| {
        let readings = upcasts.borrow_mut().upcast(route.newest.decoder, route.wire, std::slice::from_ref(value));
        readings.and_then(|readings| readings.into_iter().next())
    };
    let shows = |value: &Value| revision.writes.accepts(value) && read(value).is_some_and(|now| now.is_like(reading));
    let plain = plainest(value.clone(), &shows);
    let now = read(&plain).filter(|now| now.is_like(reading)).unwrap_or_else(|| reading.clone());
    (plain, now)
}
