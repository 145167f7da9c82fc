//! `check`: discovers, reads, judges; never writes.

use std::path::{Path, PathBuf};

use super::arguments::Arguments;
use super::environment::Environment;
use super::{Answer, Outcome, trying};
use crate::baseline::{self, Asked, Baseline};
use crate::discover::{Discovery, Event, Hidden, Place, Project};
use crate::error::CannotRun;
use crate::files::{Schemas, Waivers, read_dir};
use crate::finding::Direction;
use crate::foreign::{self, Vendored};
use crate::gate::{self, Folder, Foreign, Report};
use crate::report::{Format, Sources, View};
use crate::trial;

pub(super) fn run(arguments: &Arguments, environment: &Environment) -> Outcome {
    let mut state = State::tried(arguments, environment, &arguments.baseline(environment))?;
    let report = state.judge();
    Ok(state.answer(&report, arguments.format(environment), environment))
}

/// All that a verdict depends on.
pub(super) struct State {
    pub(super) discovery: Discovery,
    pub(super) folders: Vec<Folder>,
    pub(super) baseline: Baseline,
    pub(super) root: PathBuf,
}

impl State {
    pub(super) fn load(arguments: &Arguments, environment: &Environment, asked: &Asked) -> Result<Self, CannotRun> {
        let project = Project::load(arguments.cargo_flags(environment))?;
        let today = environment.today.as_str();
        let mut folders = folders(&project, arguments.gate.schemas.as_deref(), today)?;
        let own: Vec<PathBuf> = folders.iter().map(|folder| folder.path.clone()).collect();
        let baseline = baseline::find(asked, project.root(), &own)?;
        let discovery = Discovery::run(&project)?;
        for event in &discovery.events {
            place(&project, &mut folders, arguments.gate.schemas.as_deref(), event, today)?;
        }
        for folder in &mut folders {
            folder.baseline = baseline.tree(&folder.path).map(Schemas::read);
        }
        gate::adopt(&mut folders, baseline.gone.iter().map(Schemas::read).collect());
        Ok(Self { discovery, folders, baseline, root: project.root().to_owned() })
    }

    /// The same with what its samples came to: what a verdict needs.
    pub(super) fn tried(arguments: &Arguments, environment: &Environment, asked: &Asked) -> Result<Self, CannotRun> {
        let mut state = Self::load(arguments, environment, asked)?;
        let mut program = trying::Program { discovery: &mut state.discovery, root: &state.root };
        let trials = trial::all(&state.folders, &mut program).map_err(|version| trying::cut_off(&version))?;
        state.folders.iter_mut().zip(trials).for_each(|(folder, trials)| folder.trials = trials);
        Ok(state)
    }

    /// Judges, and asks the real decoder about what breaks backward.
    pub(super) fn judge(&mut self) -> Report {
        let mut report = gate::judge(&self.folders);
        for row in &mut report.rows {
            let Some(decoder) = row.decoder else { continue };
            for reported in
                row.findings.iter_mut().filter(|reported| reported.finding.direction != Some(Direction::Forward))
            {
                if reported.serde_error.is_some() {
                    continue;
                }
                let example = reported.counterexample.as_ref().map(ToString::to_string);
                reported.serde_error = example.and_then(|example| self.discovery.decode(decoder, &example));
            }
        }
        report.notes.extend(self.discovery.hidden.iter().map(hidden));
        if report.rows.is_empty() {
            report.notes.push("no events and no schemas: nothing to check".to_owned());
        }
        report
    }

    /// The report as a format prints it, with the lines that it quotes read now.
    pub(super) fn answer(&self, report: &Report, format: Format, environment: &Environment) -> Answer {
        let root = self.root.to_string_lossy().replace('\\', "/");
        let sources = Sources::of(report, |file| std::fs::read_to_string(self.root.join(file)).ok());
        let prefix = prefix(&self.root, environment.github_workspace.as_deref());
        let view = View { baseline: &self.baseline.name, sources: &sources, root: Some(&root), prefix: &prefix };
        Answer::of(report, &view, format)
    }

    /// Reads the files again, after they were written.
    pub(super) fn reload(&mut self, today: &str) -> Result<(), CannotRun> {
        for folder in &mut self.folders {
            let tree = read_dir(&folder.path)?;
            folder.files = Schemas::read(&tree);
            folder.waivers = Waivers::read(&tree, &folder.shown, today)?;
        }
        Ok(())
    }
}

/// Where a workspace is within the repository that holds it.
fn prefix(root: &Path, repository: Option<&Path>) -> String {
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let within =
        repository.and_then(|repository| Some(canonical(root).strip_prefix(canonical(repository)).ok()?.to_owned()));
    let within = within.unwrap_or_default().to_string_lossy().replace('\\', "/");
    if within.is_empty() { within } else { within + "/" }
}

fn hidden(hidden: &Hidden) -> String {
    let features: Vec<&str> = hidden.features.iter().map(String::as_str).collect();
    let (Place { file, line }, features) = (&hidden.place, features.join(","));
    format!(
        "`{}` v{} at {file}:{line} is behind a feature and was not checked: run with `--features {features}`, or name it in `[package.metadata.schema-check] features`",
        hidden.event_type, hidden.event_version
    )
}

/// The folders of the chosen packages; with `--schemas` they share one.
pub(super) fn folders(project: &Project, named: Option<&Path>, today: &str) -> Result<Vec<Folder>, CannotRun> {
    let mut folders: Vec<Folder> = Vec::new();
    for package in project.selected() {
        let path = named.map_or_else(|| Ok(package.schemas.clone()), absolute)?;
        if !folders.iter().any(|folder| folder.path == path) {
            folders.push(folder(project, path, true, today)?);
        }
    }
    Ok(folders)
}

fn absolute(path: &Path) -> Result<PathBuf, CannotRun> {
    std::path::absolute(path).map_err(|error| {
        CannotRun::new(format!("`{}` is no path", path.display()), "name a folder by `--schemas DIR`").because(error)
    })
}

fn folder(project: &Project, path: PathBuf, own: bool, today: &str) -> Result<Folder, CannotRun> {
    let shown = path.strip_prefix(project.root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
    let tree = read_dir(&path)?;
    let (files, waivers) = (Schemas::read(&tree), Waivers::read(&tree, &shown, today)?);
    let vendored = Vendored::read(&read_dir(&path.join(foreign::FOLDER))?);
    let foreign = Foreign { events: Vec::new(), vendored };
    Ok(Folder { shown, own, events: Vec::new(), files, waivers, baseline: None, foreign, trials: Vec::new(), path })
}

/// Puts an event into the folder of its package; other packages' folders are read, never written.
fn place(
    project: &Project,
    folders: &mut Vec<Folder>,
    named: Option<&Path>,
    event: &Event,
    today: &str,
) -> Result<(), CannotRun> {
    let own = project.selected().into_iter().find(|package| package.dir == event.package_dir);
    let path = match (&own, named) {
        (Some(_), Some(named)) => absolute(named)?,
        (Some(package), None) => package.schemas.clone(),
        (None, _) => {
            let package = project.package_in(&event.package_dir);
            package.map_or_else(|| event.package_dir.join("schemas"), |package| package.schemas)
        }
    };
    if !folders.iter().any(|folder| folder.path == path && folder.own == own.is_some()) {
        folders.push(folder(project, path.clone(), own.is_some(), today)?);
    }
    let found = folders.iter_mut().find(|folder| folder.path == path && folder.own == own.is_some());
    found.into_iter().for_each(|folder| {
        let events = if event.foreign { &mut folder.foreign.events } else { &mut folder.events };
        events.push(event.clone());
    });
    Ok(())
}
