//! Builds of another checkout. Cargo names what it builds of a workspace by paths within it, so two checkouts that share
//! a target folder share names, and it tells them apart by times of files alone: a copy that keeps old times looks fresh.
//! An event tells the folder that it was compiled in, and gives such a build away.

use std::fs;
use std::path::Path;

use super::event::Event;
use super::project::Project;
use crate::error::CannotRun;

/// The first event that was compiled in a folder that isn't of this build.
pub(super) fn find<'e>(project: &Project, events: &'e [Event]) -> Option<&'e Event> {
    let folders: Vec<_> =
        project.metadata.packages.iter().filter_map(|package| package.manifest_path.parent()).collect();
    let is_ours =
        |dir: &Path| folders.iter().any(|folder| folder.as_std_path() == dir || is_same(folder.as_std_path(), dir));
    events.iter().find(|event| !event.package_dir.as_os_str().is_empty() && !is_ours(&event.package_dir))
}

/// Whether both lead to the same folder, by links for instance.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Makes cargo build the packages of this checkout anew.
///
/// # Errors
/// When what cargo remembers of a build can't be removed.
pub(super) fn forget(project: &Project) -> Result<(), CannotRun> {
    let fingerprints = project.intermediate_dir().join(".fingerprint");
    let Ok(entries) = fs::read_dir(&fingerprints) else { return Ok(()) };
    // Not event-core: it declares no events, and another build may be waiting for it.
    let may_declare = |package: &&cargo_metadata::Package| package.source.is_none() && project.reaches(&package.id);
    let local: Vec<&str> =
        project.metadata.packages.iter().filter(may_declare).map(|package| package.name.as_str()).collect();
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| local.iter().any(|package| is_unit_of(name, package))) {
            fs::remove_dir_all(entry.path()).map_err(|error| cannot_forget(&fingerprints, error))?;
        }
    }
    Ok(())
}

/// `<package>-<16 hexadecimal digits>`.
fn is_unit_of(unit: &str, package: &str) -> bool {
    let hash = unit.strip_prefix(package).and_then(|rest| rest.strip_prefix('-'));
    hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn cannot_forget(fingerprints: &Path, error: std::io::Error) -> CannotRun {
    let message = format!(
        "the target folder holds a build of another checkout, and `{}` can't be written",
        fingerprints.display()
    );
    CannotRun::new(message, "give each checkout a target folder of its own: `CARGO_TARGET_DIR=…`").because(error)
}

/// A build of another checkout that cargo keeps calling fresh.
pub(super) fn remains(event: &Event) -> CannotRun {
    let message = format!(
        "`{}` v{} was built in `{}`, another checkout that shares the target folder",
        event.event_type,
        event.event_version,
        event.package_dir.display()
    );
    CannotRun::new(message, "give each checkout a target folder of its own: `CARGO_TARGET_DIR=…`")
}

#[cfg(test)]
mod tests {
    use super::is_unit_of;

    #[test]
    fn only_units_of_the_very_package_are_forgotten() {
        assert!(is_unit_of("shop-0649bd1af79617a6", "shop"));
        assert!(!is_unit_of("shop-events-0649bd1af79617a6", "shop"));
        assert!(!is_unit_of("shop-0649bd1af79617", "shop"));
        assert!(!is_unit_of("workshop-0649bd1af79617a6", "shop"));
    }
}
