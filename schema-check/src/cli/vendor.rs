//! `vendor`: copies the schemas of somebody else's events from their producer, all or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use super::arguments::{Arguments, Vendor};
use super::environment::Environment;
use super::{Answer, Outcome};
use crate::discover::{Package, Project};
use crate::error::CannotRun;
use crate::files::{self, Change, Tree, render};
use crate::foreign::{Asked, FOLDER, Origin, Plan, SOURCES, Source, Sources, What, is_event_type, plan};
use crate::report::Format;

/// One source, in the words of its asker.
#[derive(Debug, Clone)]
struct Request {
    like: Source,
    asked: Asked,
}

/// What was planned of all requests.
#[derive(Debug, Default)]
struct Planned {
    files: BTreeMap<String, String>,
    versions: BTreeMap<(String, u32), What>,
}

pub(super) fn run(arguments: &Arguments, vendor: &Vendor, environment: &Environment) -> Outcome {
    let schemas = schemas(arguments, environment)?;
    let folder = schemas.join(FOLDER);
    let vendored = read(&folder)?;
    let before = Sources::read(&vendored)?;
    let mut sources = before.clone();
    let base = schemas.parent().unwrap_or(&schemas).to_owned();
    let mut planned = Planned::default();
    for request in requests(vendor, &sources, &base, &environment.today)? {
        take(&request, &base, &vendored, &mut sources, &mut planned)?;
    }
    let exit = if vendor.check && !planned.files.is_empty() { 3 } else { 0 };
    if sources != before && !vendor.check {
        planned.files.insert(SOURCES.to_owned(), sources.render());
    }
    if !vendor.check {
        let change = |(path, text): (&String, &String)| Change { path: folder.join(path), text: text.clone() };
        files::write(&planned.files.iter().map(change).collect::<Vec<_>>())?;
    }
    let text = match arguments.format(environment) {
        Format::Json => as_json(&planned, exit),
        _ => told(&planned, vendor.check),
    };
    Ok(Answer { text, exit, ..Answer::default() })
}

/// The files under `schemas/foreign/`, with the list of their sources.
fn read(folder: &Path) -> Result<Tree, CannotRun> {
    let mut tree = files::read_dir(folder)?;
    let list = folder.join(SOURCES);
    if list.is_file() {
        let bytes = fs::read(&list).map_err(|error| {
            CannotRun::new(format!("cannot read `{}`", list.display()), "make it readable").because(error)
        })?;
        tree.insert(SOURCES.to_owned(), bytes);
    }
    Ok(tree)
}

/// Reads one source and adds what it comes to.
fn take(
    request: &Request,
    base: &Path,
    vendored: &Tree,
    sources: &mut Sources,
    planned: &mut Planned,
) -> Result<(), CannotRun> {
    let like = &request.like;
    let origin = match like.from.strip_prefix("git:") {
        Some(url) => Origin::fetch(&located(url, base), like.rev.as_deref(), like.path.as_deref())?,
        None => Origin::at(&base.join(&like.from))?,
    };
    let known: Vec<Source> = sources.sources.iter().filter(|known| known.is_asked_as(like)).cloned().collect();
    let Plan { files, versions } = plan(&origin, &request.asked, like.pointer.as_deref(), vendored, &known)?;
    let (revision, plain) = (origin.revision(), origin.file()?.is_some());
    for ((event_type, version), what) in &versions {
        if *what == What::Gone {
            continue;
        }
        let version = plain.then_some(*version);
        let changed = matches!(what, What::Added | What::Updated);
        let source = Source { event_type: event_type.clone(), version, revision: revision.clone(), ..like.clone() };
        sources.take(source, changed);
    }
    planned.files.extend(files);
    planned.versions.extend(versions);
    Ok(())
}

/// What was typed, or every source that is recorded.
fn requests(vendor: &Vendor, sources: &Sources, base: &Path, today: &str) -> Result<Vec<Request>, CannotRun> {
    if let Some(odd) = vendor.types.iter().find(|name| !is_event_type(name)) {
        return Err(CannotRun::new(
            format!("`{odd}` is no type of an event"),
            "write it as its producer does: `--type order.placed`",
        ));
    }
    let Some(from) = &vendor.source else { return recorded(vendor, sources, today) };
    let (from, rev) = match from.strip_prefix("git:") {
        Some(named) => of_git(named, vendor, base)?,
        None if vendor.rev.is_some() || vendor.path.is_some() => {
            return Err(CannotRun::new(
                "`--rev` and `--path` are for a repository",
                "name it by `git:URL`, or name the longer PATH",
            ));
        }
        None => (relative(base, &absolute(Path::new(from))?), None),
    };
    let like = Source {
        event_type: String::new(),
        version: None,
        from,
        rev,
        path: vendor.path.clone(),
        pointer: vendor.pointer.clone(),
        revision: None,
        date: today.to_owned(),
    };
    Ok(vec![Request { like, asked: Asked { types: vendor.types.clone(), version: vendor.version } }])
}

/// `URL#REV`, or `URL` with `--rev REV`; a repository on this machine is named from where the list of sources is.
fn of_git(named: &str, vendor: &Vendor, base: &Path) -> Result<(String, Option<String>), CannotRun> {
    let (url, fragment) = match named.split_once('#') {
        Some((url, rev)) => (url, Some(rev.to_owned())),
        None => (named, None),
    };
    if fragment.is_some() && vendor.rev.is_some() {
        return Err(CannotRun::new("the revision is named twice", "write `git:URL#REV` or `--rev REV`"));
    }
    let url = if Path::new(url).is_dir() { relative(base, &absolute(Path::new(url))?) } else { url.to_owned() };
    Ok((format!("git:{url}"), fragment.or_else(|| vendor.rev.clone())))
}

/// The repository as git takes it from any folder.
fn located(url: &str, base: &Path) -> String {
    let path = base.join(url);
    if path.is_dir() { path.to_string_lossy().into_owned() } else { url.to_owned() }
}

/// Each source once, with all that was vendored of it.
fn recorded(vendor: &Vendor, sources: &Sources, today: &str) -> Result<Vec<Request>, CannotRun> {
    if vendor.rev.is_some() || vendor.path.is_some() || vendor.pointer.is_some() || vendor.version.is_some() {
        return Err(CannotRun::new("these flags are about one source", "name it: `schema-check vendor PATH|git:URL`"));
    }
    let mut requests: Vec<Request> = Vec::new();
    for source in &sources.sources {
        if !vendor.types.is_empty() && !vendor.types.contains(&source.event_type) {
            continue;
        }
        let same = |request: &&mut Request| request.like.is_asked_as(source) && request.asked.version == source.version;
        if let Some(known) = requests.iter_mut().find(same) {
            known.asked.types.push(source.event_type.clone());
            continue;
        }
        let like = Source { date: today.to_owned(), revision: None, ..source.clone() };
        let asked = Asked { types: vec![source.event_type.clone()], version: source.version };
        requests.push(Request { like, asked });
    }
    if requests.is_empty() {
        return Err(CannotRun::new("nothing is vendored yet", "schema-check vendor PATH|git:URL"));
    }
    Ok(requests)
}

/// The folder of the schemas: as named, else of the one package, else of the package that we stand in.
fn schemas(arguments: &Arguments, environment: &Environment) -> Result<PathBuf, CannotRun> {
    if let Some(named) = &arguments.gate.schemas {
        return absolute(named);
    }
    let project = Project::load(arguments.cargo_flags(environment))?;
    let (packages, here) = (project.selected(), absolute(Path::new("."))?);
    let inside = packages.iter().filter(|package| here.starts_with(&package.dir));
    let nearest = inside.max_by_key(|package| package.dir.components().count());
    let only = packages.first().filter(|_| packages.len() == 1);
    only.or(nearest).map(|package| package.schemas.clone()).ok_or_else(|| several(&packages))
}

fn several(packages: &[Package]) -> CannotRun {
    let names: Vec<String> = packages.iter().map(|package| format!("`-p {}`", package.name)).collect();
    CannotRun::new(
        "the workspace has several packages",
        format!("name the one that reads the events: {}", names.join(", ")),
    )
}

fn absolute(path: &Path) -> Result<PathBuf, CannotRun> {
    let path = std::path::absolute(path);
    path.map_err(|error| CannotRun::new("the path names nothing", "name a folder or a file").because(error))
}

/// `to` as seen from a folder, with `/` between its parts.
fn relative(from: &Path, to: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (from, to) = (real(from), real(to));
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if common <= 1 {
        return to.to_string_lossy().into_owned();
    }
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let down = to.components().skip(common).map(|part: Component<'_>| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn as_json(planned: &Planned, exit: u8) -> String {
    let version = |((event_type, version), what): (&(String, u32), &What)| json!({ "type": event_type, "version": version, "status": what.word() });
    let vendored: Vec<Value> = planned.versions.iter().map(version).collect();
    render(&json!({ "vendored": vendored, "exit": exit }))
}

fn told(planned: &Planned, check: bool) -> String {
    let mut text = String::new();
    for ((event_type, version), what) in &planned.versions {
        let more = if *what == What::Gone { "  (no longer at the source; kept)" } else { "" };
        text.push_str(&format!("{:<10} {event_type} v{version}{more}\n", what.word()));
    }
    let next = match (planned.files.is_empty(), check) {
        (true, _) => "schemas/foreign/ is as its sources are\n",
        (false, true) => "next: run `schema-check vendor` without `--check`\n",
        (false, false) => "next: run `schema-check`, and commit schemas/foreign/\n",
    };
    text + next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_from_where_its_schemas_go() {
        for (from, to, expected) in [
            ("/a/shop", "/a/billing/schemas", "../billing/schemas"),
            ("/a/shop", "/a/shop/vendor.json", "vendor.json"),
            ("/a/shop", "/a/shop", "."),
            ("/a/shop", "/b", "/b"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), expected, "{to}");
        }
    }
}
