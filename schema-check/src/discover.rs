//! Finds every event of a workspace: builds it with event-core's tool-only feature and asks the programs.

mod artifacts;
mod build;
mod case;
mod event;
mod facts;
mod harness;
mod hidden;
mod kept;
mod names;
mod program;
mod project;
mod reading;
mod serde_attributes;
mod settings;
mod sources;
mod stale;
mod wrapper;

pub use event::{Deprecated, Event, Field, Place};
pub use hidden::Hidden;
pub use program::Decoder;
pub use project::{CargoFlags, Package, Project};
pub use reading::Reading;
pub use sources::{Hazard, Nested};
pub(crate) use wrapper::run as run_in_place_of_rustc;

use std::path::Path;

use serde_json::Value;

use crate::error::CannotRun;
use crate::learn;
use program::Program;
use sources::Sources;

/// The events of a build, and the programs that still answer for them.
#[derive(Debug, Default)]
pub struct Discovery {
    /// Every event once, by type and version, then by place.
    pub events: Vec<Event>,
    /// Events of the sources that features hide.
    pub hidden: Vec<Hidden>,
    programs: Vec<Program>,
}

impl Discovery {
    /// Builds what can declare events and asks it.
    ///
    /// # Errors
    /// When the build fails, or a program can't be asked.
    pub fn run(project: &Project) -> Result<Self, CannotRun> {
        let packages = project.reaching();
        if packages.is_empty() {
            return Ok(Self::default());
        }
        let mut discovery = Self::build_and_ask(project)?;
        if stale::find(project, &discovery.events).is_some() {
            drop(discovery);
            stale::forget(project)?;
            discovery = Self::build_and_ask(project)?;
            if let Some(event) = stale::find(project, &discovery.events) {
                return Err(stale::remains(event));
            }
        }
        discovery.learn(project)?;
        discovery.hidden = hidden::events(project, &discovery.events);
        Ok(discovery)
    }

    fn build_and_ask(project: &Project) -> Result<Self, CannotRun> {
        let kept = kept::Kept::before_build(project)?;
        let artifacts = build::build(project)?;
        let mut discovery = Self::default();
        let harness = harness::link(project, &artifacts)?;
        for (path, how) in artifacts.programs(harness) {
            discovery.ask(project, &path, how, &artifacts)?;
        }
        drop(kept);
        discovery.events.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(discovery)
    }

    /// Asks one program, unless it links no event-core: then its `main` would run.
    fn ask(
        &mut self,
        project: &Project,
        path: &Path,
        how: artifacts::How,
        artifacts: &artifacts::Artifacts,
    ) -> Result<(), CannotRun> {
        if !program::answers(path)? {
            return Ok(());
        }
        let (program, events) = Program::start(project, path, how, artifacts.library_folders())?;
        let number = self.programs.len();
        for (index, raw) in events.into_iter().enumerate() {
            let event = Event::from_program(project, &raw, Decoder { program: number, index })?;
            if !self.events.iter().any(|known| known.is_same_item(&event)) {
                self.events.push(event);
            }
        }
        self.programs.push(program);
        Ok(())
    }

    /// Learns on the events' own decoders what their schemas don't say, of nested types too.
    fn learn(&mut self, project: &Project) -> Result<(), CannotRun> {
        let Sources { aliases, hazards, items } = Sources::read(project);
        for event in &mut self.events {
            let Some(program) = self.programs.get_mut(event.decoder.program) else { continue };
            let mut decoder = program.decoder(event.decoder.index);
            let lesson = learn::learn(&event.writer, &event.reader, &aliases, &mut decoder);
            if lesson.is_cut_off {
                return Err(cut_off(event));
            }
            event.facts = learn::merged(std::mem::take(&mut event.facts), lesson.facts);
            (event.missed, event.chosen) = (lesson.missed, lesson.chosen);
            event.nested = sources::nested(&items, &event.reader);
            event.hazards = hazards.iter().filter(|hazard| hazard.is_within(&event.reader)).cloned().collect();
        }
        Ok(())
    }

    /// What comes of each value that a version wrote, as the event of `decoder`; `None` when its program is gone.
    pub(crate) fn upcast(&mut self, decoder: Decoder, wire: (&str, u32), values: &[Value]) -> Option<Vec<Reading>> {
        self.programs.get_mut(decoder.program)?.upcast(decoder.index, wire, values)
    }

    /// serde's own error on `data` as the event, `None` when it is read.
    pub fn decode(&mut self, decoder: Decoder, data: &str) -> Option<String> {
        self.programs.get_mut(decoder.program).and_then(|program| program.decode(decoder.index, data))
    }
}

/// A decoder has to answer for every value: one that ends its program tells nothing of the events behind it either.
fn cut_off(event: &Event) -> CannotRun {
    let (event_type, version, Place { file, line }) = (&event.event_type, event.event_version, &event.place);
    CannotRun::new(
        format!(
            "the program that reads `{event_type}` v{version} ({file}:{line}) ended, or did not answer within a minute"
        ),
        "let the `Deserialize` of the event and of all types inside of it return an error: it must not end the program, nor wait",
    )
}
