//! The programs of the user as those who read samples.

use std::path::Path;

use serde_json::Value;

use crate::discover::{Decoder, Discovery, Place, Reading};
use crate::error::CannotRun;
use crate::trial::{CutOff, Upcasts};

/// The programs that discovery started.
pub(super) struct Program<'a> {
    pub(super) discovery: &'a mut Discovery,
    pub(super) root: &'a Path,
}

impl Upcasts for Program<'_> {
    fn upcast(&mut self, decoder: Decoder, wire: (&str, u32), values: &[Value]) -> Option<Vec<Reading>> {
        let readings = self.discovery.upcast(decoder, wire, values)?;
        Some(readings.into_iter().map(|reading| within(reading, self.root)).collect())
    }
}

/// A panic in the standard library or in a dependency is no line of the user's.
fn within(reading: Reading, root: &Path) -> Reading {
    match reading {
        Reading::Panicked { text, at } => Reading::Panicked { text, at: at.and_then(|at| ours(at, root)) },
        other => other,
    }
}

fn ours((place, column): (Place, u32), root: &Path) -> Option<(Place, u32)> {
    let path = root.join(&place.file);
    let within = path.strip_prefix(root).ok().filter(|_| path.is_file())?;
    Some((Place { file: within.to_string_lossy().replace('\\', "/"), ..place }, column))
}

/// A step has to come to an end for every value: one that ends its program tells nothing of the versions behind it.
pub(super) fn cut_off(version: &CutOff) -> CannotRun {
    let CutOff { event_type, event_version } = version;
    CannotRun::new(
        format!(
            "the program that upcasts `{event_type}` v{event_version} ended on a sample, or did not answer within a minute"
        ),
        "let the upcasters return for every payload, by an error if need be: they must not end the program, nor wait",
    )
}
