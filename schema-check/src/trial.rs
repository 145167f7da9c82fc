//! Samples of every committed version, through the real decode and the real upcasters.
//!
//! What is generated stands for what the schema lets be stored; golden payloads are what the user says was stored.

mod refusal;
mod route;
mod samples;

pub use refusal::{Refusal, Step, Trial};

use serde_json::Value;

use crate::discover::{Decoder, Event, Reading};
use crate::gate::Folder;
use route::Route;
use samples::{Samples, of_version};

/// Who reads what a version wrote: a program, asked.
pub(crate) trait Upcasts {
    /// What comes of each value as the event of `decoder`; `None` when nobody answers any more.
    fn upcast(&mut self, decoder: Decoder, wire: (&str, u32), values: &[Value]) -> Option<Vec<Reading>>;
}

/// A version whose samples ended the program that reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CutOff {
    pub(crate) event_type: String,
    pub(crate) event_version: u32,
}

/// Tries all versions of the folders that are ours.
///
/// # Errors
/// When a program ends, or doesn't answer.
pub(crate) fn all(folders: &[Folder], upcasts: &mut dyn Upcasts) -> Result<Vec<Vec<Trial>>, CutOff> {
    let events: Vec<&Event> = folders.iter().flat_map(|folder| &folder.events).collect();
    folders.iter().map(|folder| of_folder(folder, &events, upcasts)).collect()
}

fn of_folder(folder: &Folder, events: &[&Event], upcasts: &mut dyn Upcasts) -> Result<Vec<Trial>, CutOff> {
    let mut trials = Vec::new();
    for (event_type, event_version) in folder.versions().into_iter().filter(|_| folder.own) {
        let Some(route) = Route::of(events, &event_type, event_version) else { continue };
        let Some(samples) = of_version(folder, &event_type, event_version) else { continue };
        let cut_off = || CutOff { event_type: event_type.clone(), event_version };
        trials.extend(try_version(&route, samples, upcasts).ok_or_else(cut_off)?);
    }
    Ok(trials)
}

/// `None` when nobody answers; nothing in it when all is read and no payload is golden.
fn try_version(route: &Route<'_>, samples: Samples, upcasts: &mut dyn Upcasts) -> Option<Option<Trial>> {
    let mut trial = Trial::new(route);
    for revision in &samples.revisions {
        let readings = upcasts.upcast(route.newest.decoder, route.wire, &revision.values)?;
        refusal::of_generated(&mut trial, route, revision, &readings, upcasts)?;
    }
    trial.golden = samples.golden.len();
    let readings = match samples.golden.is_empty() {
        true => Vec::new(),
        false => upcasts.upcast(route.newest.decoder, route.wire, &samples.golden)?,
    };
    for (index, (value, reading)) in samples.golden.iter().zip(readings).enumerate() {
        if reading != Reading::Read {
            let step = route.step(value, &reading, upcasts)?;
            trial.refusals.push(Refusal { sample: value.clone(), golden: Some(index), number: None, reading, step });
        }
    }
    Some((trial.golden > 0 || !trial.refusals.is_empty()).then_some(trial))
}

#[cfg(test)]
mod tests;
