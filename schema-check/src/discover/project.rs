//! The user's workspace, as cargo describes it.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use serde_json::Value;

use super::settings;
use crate::error::CannotRun;

/// The package whose tool-only feature makes programs answer.
const CORE: &str = "event-core";

/// The flags of cargo that choose what is built.
#[derive(Debug, Clone, Default)]
pub struct CargoFlags {
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `-p`; all members when empty.
    pub packages: Vec<String>,
    /// `--features`.
    pub features: Vec<String>,
    /// `--all-features`.
    pub all_features: bool,
    /// `--no-default-features`.
    pub no_default_features: bool,
    /// `--locked`.
    pub locked: bool,
    /// `--offline`.
    pub offline: bool,
    /// `--target`.
    pub target: Option<String>,
    /// The cargo to run.
    pub cargo: OsString,
    /// The rustc to run.
    pub rustc: OsString,
    /// What the user lets cargo run in place of rustc.
    pub rustc_wrapper: Option<OsString>,
}

/// A member of the workspace, or a dependency.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The folder of its manifest.
    pub dir: PathBuf,
    /// Where its schemas are, as its manifest says: `[package.metadata.schema-check] schemas`.
    pub schemas: PathBuf,
}

/// The user's workspace and what of it is looked at.
#[derive(Debug)]
pub struct Project {
    pub(super) flags: CargoFlags,
    pub(super) metadata: Metadata,
    selected: BTreeSet<PackageId>,
    reaching: BTreeSet<PackageId>,
}

impl Project {
    /// Asks cargo about the workspace.
    ///
    /// # Errors
    /// When cargo can't read it, or a package is not in it.
    pub fn load(mut flags: CargoFlags) -> Result<Self, CannotRun> {
        let bare = metadata(&flags, &["--no-deps"])?;
        let selected = select(&bare, &flags.packages)?;
        bare.packages.iter().filter(|package| selected.contains(&package.id)).try_for_each(settings::check)?;
        flags.features = features(&bare, &selected, &flags.features);
        let host = flags.target.clone().map_or_else(|| host(&flags), Ok)?;
        let metadata = metadata(&flags, &["--filter-platform", &host])?;
        let reaching = reaching(&metadata);
        Ok(Self { flags, metadata, selected, reaching })
    }

    /// The folder of the workspace.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// The folder of ours in cargo's target folder.
    pub(super) fn scratch(&self) -> PathBuf {
        self.metadata.target_directory.as_std_path().join("schema-check")
    }

    /// Where cargo puts what it built for the dev profile.
    pub(super) fn output_dir(&self) -> PathBuf {
        self.of_profile(self.metadata.target_directory.as_std_path())
    }

    /// Where cargo keeps what it needs for the next build.
    pub(super) fn intermediate_dir(&self) -> PathBuf {
        let build = self.metadata.build_directory.as_ref().unwrap_or(&self.metadata.target_directory);
        self.of_profile(build.as_std_path())
    }

    fn of_profile(&self, target: &Path) -> PathBuf {
        self.flags.target.as_ref().map_or_else(|| target.to_owned(), |triple| target.join(triple)).join("debug")
    }

    /// The members that were asked for.
    #[must_use]
    pub fn selected(&self) -> Vec<Package> {
        let chosen = self.metadata.packages.iter().filter(|package| self.selected.contains(&package.id));
        chosen.map(package).collect()
    }

    /// The package in a folder, a member or not.
    #[must_use]
    pub fn package_in(&self, dir: &Path) -> Option<Package> {
        self.metadata.packages.iter().map(package).find(|package| package.dir == dir)
    }

    /// The members to build: those that were asked for and can declare events, and the members that they need.
    pub(super) fn reaching(&self) -> Vec<&cargo_metadata::Package> {
        let needed = self.closure();
        let members: BTreeSet<&PackageId> = self.metadata.workspace_members.iter().collect();
        let wanted = |id: &PackageId| self.reaching.contains(id) && needed.contains(id) && members.contains(id);
        self.metadata.packages.iter().filter(|package| wanted(&package.id) && package.name != CORE).collect()
    }

    /// Whether the package links event-core.
    pub(super) fn reaches(&self, id: &PackageId) -> bool {
        self.reaching.contains(id) && self.metadata[id].name != CORE
    }

    /// The packages that are built and name a dependency: the user's, and those of others.
    pub(super) fn depending_on(&self, name: &str) -> Vec<&cargo_metadata::Package> {
        let needed = self.closure();
        let names_it = |package: &cargo_metadata::Package| {
            package.name != CORE && package.dependencies.iter().any(|dependency| dependency.name == name)
        };
        self.metadata.packages.iter().filter(|package| needed.contains(&package.id) && names_it(package)).collect()
    }

    /// The names under which a package that is built depends on event-core.
    pub(super) fn names_of_core(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for package in self.reaching() {
            let active = self.dependencies(&package.id);
            let of_core = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.name == CORE && dependency.kind == DependencyKind::Normal);
            if active.iter().any(|id| self.metadata[*id].name == CORE) {
                names.extend(of_core.map(|core| core.rename.clone().unwrap_or_else(|| core.name.clone())));
            }
        }
        names
    }

    /// Whether `--features` reaches every package that is built: with the old resolver only the one of the folder.
    pub(super) fn unifies_features(&self) -> bool {
        let manifest = std::fs::read_to_string(self.root().join("Cargo.toml")).unwrap_or_default();
        let manifest: toml::Table = manifest.parse().unwrap_or_default();
        let field = |table: &str, name: &str| manifest.get(table)?.get(name)?.as_str().map(str::to_owned);
        let resolver = field("workspace", "resolver").or_else(|| field("package", "resolver"));
        let old_edition = || {
            let root = self.metadata.root_package();
            root.is_none_or(|root| root.edition < cargo_metadata::Edition::E2021)
        };
        resolver.map_or_else(|| !old_edition(), |resolver| resolver != "1")
    }

    /// The features of a package that are on.
    pub(super) fn active_features(&self, id: &PackageId) -> BTreeSet<String> {
        let nodes = self.metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        nodes.filter(|node| node.id == *id).flat_map(|node| &node.features).map(ToString::to_string).collect()
    }

    fn dependencies(&self, id: &PackageId) -> Vec<&PackageId> {
        let nodes = self.metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        nodes.filter(|node| node.id == *id).flat_map(normal).collect()
    }

    fn closure(&self) -> BTreeSet<&PackageId> {
        let graph: HashMap<&PackageId, Vec<&PackageId>> = graph(&self.metadata);
        let mut seen = BTreeSet::new();
        let mut open: Vec<&PackageId> = self.selected.iter().collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(graph.get(id).into_iter().flatten().copied());
            }
        }
        seen
    }
}

fn package(package: &cargo_metadata::Package) -> Package {
    let manifest = package.manifest_path.as_std_path();
    let dir = manifest.parent().unwrap_or(manifest).to_owned();
    let named = package.metadata.pointer("/schema-check/schemas").and_then(Value::as_str).unwrap_or("schemas");
    Package { name: package.name.to_string(), schemas: plain(&dir.join(named)), dir }
}

/// The path without `.` and `..`, as reports name it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

fn normal(node: &cargo_metadata::Node) -> impl Iterator<Item = &PackageId> {
    let is_normal =
        |dep: &&cargo_metadata::NodeDep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
    node.deps.iter().filter(is_normal).map(|dep| &dep.pkg)
}

fn graph(metadata: &Metadata) -> HashMap<&PackageId, Vec<&PackageId>> {
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    nodes.map(|node| (&node.id, normal(node).collect())).collect()
}

/// Every package that links event-core, itself included.
fn reaching(metadata: &Metadata) -> BTreeSet<PackageId> {
    let graph = graph(metadata);
    let cores =
        metadata.packages.iter().filter(|package| package.name == CORE && package.features.contains_key("__discover"));
    let mut reaching: BTreeSet<PackageId> = cores.map(|package| package.id.clone()).collect();
    loop {
        let before = reaching.len();
        let more = graph.iter().filter(|(_, needs)| needs.iter().any(|id| reaching.contains(*id)));
        let more: Vec<PackageId> = more.map(|(id, _)| (*id).clone()).collect();
        reaching.extend(more);
        if reaching.len() == before {
            return reaching;
        }
    }
}

fn select(metadata: &Metadata, wanted: &[String]) -> Result<BTreeSet<PackageId>, CannotRun> {
    let members = metadata.workspace_packages();
    if wanted.is_empty() {
        return Ok(members.iter().map(|package| package.id.clone()).collect());
    }
    let mut selected = BTreeSet::new();
    for spec in wanted {
        let named = |package: &&&cargo_metadata::Package| {
            package.name == spec.as_str() || format!("{}@{}", package.name, package.version) == *spec
        };
        let found = members.iter().find(named).ok_or_else(|| {
            let names: Vec<String> = members.iter().map(|package| format!("`{}`", package.name)).collect();
            CannotRun::new(format!("no package `{spec}` in the workspace"), format!("it has {}", names.join(", ")))
        })?;
        selected.insert(found.id.clone());
    }
    Ok(selected)
}

/// The user's features and those of `[package.metadata.schema-check]`, each with the package that has it.
fn features(metadata: &Metadata, selected: &BTreeSet<PackageId>, asked: &[String]) -> Vec<String> {
    let chosen = || metadata.packages.iter().filter(|package| selected.contains(&package.id));
    let mut features = BTreeSet::new();
    for feature in asked {
        let owners = chosen().filter(|package| package.features.contains_key(feature));
        let qualified: Vec<String> = owners.map(|package| format!("{}/{feature}", package.name)).collect();
        if qualified.is_empty() {
            features.insert(feature.clone());
        }
        features.extend(qualified);
    }
    for package in chosen() {
        let always = package.metadata.pointer("/schema-check/features").and_then(Value::as_array);
        let always = always.into_iter().flatten().filter_map(Value::as_str);
        features.extend(always.map(|feature| format!("{}/{feature}", package.name)));
    }
    features.into_iter().collect()
}

fn metadata(flags: &CargoFlags, more: &[&str]) -> Result<Metadata, CannotRun> {
    let mut command = flags.command("metadata");
    command.args(["--format-version", "1"]).args(more);
    flags.features_of(&mut command);
    let help = "mend what cargo complains about, or name a project by `--manifest-path`";
    let output = finished(command.output().map_err(|error| no_cargo(flags, error))?, "cannot read the project", help)?;
    let text = String::from_utf8_lossy(&output.stdout);
    MetadataCommand::parse(text.as_ref())
        .map_err(|error| CannotRun::new("cannot read what `cargo metadata` printed", "update cargo").because(error))
}

fn host(flags: &CargoFlags) -> Result<String, CannotRun> {
    let output = Command::new(&flags.rustc).arg("-vV").output();
    let help = "put `rustc` on the PATH, or name it by the variable RUSTC";
    let output = output.map_err(|error| CannotRun::new("cannot run `rustc`", help).because(error))?;
    let output = finished(output, "cannot ask `rustc` for its host", help)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| CannotRun::new("`rustc -vV` names no host", help))
}

fn no_cargo(flags: &CargoFlags, error: std::io::Error) -> CannotRun {
    let message = format!("cannot run `{}`", flags.cargo.to_string_lossy());
    CannotRun::new(message, "put `cargo` on the PATH, or name it by the variable CARGO").because(error)
}

/// The output of a program that ended well, or its complaint.
pub(super) fn finished(output: Output, message: &str, help: &str) -> Result<Output, CannotRun> {
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(CannotRun::new(format!("{message}: {}", said.trim().trim_start_matches("error: ")), help))
}

impl CargoFlags {
    /// `cargo <name>` with the flags that each of its commands takes.
    pub(super) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.cargo);
        command.arg(name);
        if let Some(path) = &self.manifest_path {
            command.arg("--manifest-path").arg(path);
        }
        command.args(self.locked.then_some("--locked")).args(self.offline.then_some("--offline"));
        command
    }

    /// Adds the choice of features.
    pub(super) fn features_of(&self, command: &mut Command) {
        command.args(self.all_features.then_some("--all-features"));
        command.args(self.no_default_features.then_some("--no-default-features"));
        if !self.features.is_empty() {
            command.arg("--features").arg(self.features.join(","));
        }
    }
}
