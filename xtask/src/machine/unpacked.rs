//! A package of another release, with all that it needs, in a folder of our own: nothing of it is installed.
//!
//! Its programs were built for that release's C library, which is among what they need. So each is started by that
//! library's own loader, through a script that stands in its place.

use std::fs::{self, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{self, LIMIT, cannot};
use super::release::Release;
use super::{Machine, NotInstalled, Package, apt};
use crate::interrupt::Interrupt;
use crate::process::{capture, run};

/// Where a server's programs are in a release.
pub(super) const PROGRAMS: &str = "usr/sbin";

/// Where they are once scripts stand in their place.
const BEHIND: &str = "behind";

/// The loader of the C library: on Ubuntu 22.04, and where `/lib` is a link.
const LOADERS: [&str; 2] =
    ["lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"];

/// Whether this machine has what it takes.
pub(super) fn can_fetch(machine: &Machine) -> bool {
    ["apt-get", "dpkg-deb"].iter().all(|program| machine.program(program, &[]).is_some())
}

/// Where the package is, or will be; of several, all in one folder.
pub(super) fn folder(release: &Release, package: &str) -> Result<PathBuf, String> {
    Ok(cache::folder()?.join(format!("{}-{}", release.folder, package.replace(' ', "+"))))
}

/// Fetches and unpacks `package` and what it needs, unless an earlier run did. Nothing of it is run.
pub(super) fn fetch(package: &Package, interrupt: &Interrupt) -> Result<(), NotInstalled> {
    let Package::Of { release, package } = package else {
        return Err(NotInstalled::Failed("it is a package of no release".to_owned()));
    };
    let folder = folder(release, package).map_err(NotInstalled::Failed)?;
    if folder.exists() {
        return Ok(());
    }
    let keys = release.keys(interrupt)?;
    let work = cache::work()?;
    lay_out(work.path(), &release.list(&keys)).map_err(|error| cannot("lay out", error))?;
    apt_get(work.path(), &["update"], interrupt)?;
    let install = ["install", "--download-only", "--no-install-recommends", "--"];
    let install: Vec<&str> = install.into_iter().chain(package.split(' ')).collect();
    apt_get(work.path(), &install, interrupt)?;
    let unpacked = unpack(work.path(), interrupt)?;
    stand_in(&unpacked).map_err(|error| cannot("write the scripts in", error))?;
    cache::keep(&unpacked, &folder, interrupt)
}

/// What apt wants to find: folders for its lists and archives, and the list of sources.
fn lay_out(work: &Path, list: &str) -> io::Result<()> {
    for folder in ["lists/partial", "cache/archives/partial", "unpacked"] {
        fs::create_dir_all(work.join(folder))?;
    }
    fs::write(work.join("sources.list"), list)
}

/// Runs `apt-get` in that folder, as if nothing was installed; it tries a transfer once more and touches nothing of the
/// machine's.
fn apt_get(work: &Path, arguments: &[&str], interrupt: &Interrupt) -> Result<(), NotInstalled> {
    let (status, said) = run(&mut apt_command(work, arguments), LIMIT, interrupt).map_err(NotInstalled::Failed)?;
    if status.success() { Ok(()) } else { Err(classify(&said)) }
}

fn apt_command(work: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.env("LC_ALL", "C").args(["-qq", "--yes"]).args(arguments.iter().take(1));
    let own = [
        ("Dir::Etc::sourcelist", "sources.list"),
        ("Dir::State::lists", "lists"),
        ("Dir::Cache", "cache"),
        ("Dir::Cache::archives", "cache/archives"),
    ];
    for (option, name) in own {
        command.args(["-o", &format!("{option}={}", work.join(name).display())]);
    }
    let options = [
        "Dir::Etc::sourceparts=-",
        "Dir::Etc::preferences=/dev/null",
        "Dir::Etc::preferencesparts=/dev/null",
        "Dir::State::status=/dev/null",
        "Dir::State::extended_states=/dev/null",
        "APT::Architecture=amd64",
        "APT::Update::Error-Mode=any",
        "Acquire::Languages=none",
        "Acquire::Retries=1",
        "Acquire::http::Timeout=20",
        "Debug::NoLocking=1",
    ];
    command.args(options.iter().flat_map(|option| ["-o", option])).args(arguments.iter().skip(1));
    command
}

/// An archive that can't be reached from here at all is none of this platform's.
fn classify(said: &str) -> NotInstalled {
    let is_out_of_reach = |line: &str| {
        let is_refused = ["403  Forbidden", "404  Not Found"].iter().any(|reason| line.contains(reason));
        line.contains("Could not resolve") || (is_refused && line.contains("Release"))
    };
    if said.lines().any(is_out_of_reach) {
        return NotInstalled::NoSuchPackage;
    }
    let error = said.lines().find(|line| line.starts_with("E: ")).unwrap_or("it said no error");
    apt::classify(format!("`apt-get`: {error}"))
}

fn unpack(work: &Path, interrupt: &Interrupt) -> Result<PathBuf, NotInstalled> {
    let unpacked = work.join("unpacked");
    let fetched = fs::read_dir(work.join("cache/archives")).map_err(|error| cannot("list", error))?;
    let files = fetched.filter_map(Result::ok).map(|entry| entry.path());
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "deb")) {
        let mut command = Command::new("dpkg-deb");
        capture(command.arg("-x").arg(file).arg(&unpacked), LIMIT, interrupt).map_err(NotInstalled::Failed)?;
    }
    Ok(unpacked)
}

/// Puts a script in the place of each program.
fn stand_in(unpacked: &Path) -> io::Result<()> {
    let folder = unpacked.join(PROGRAMS);
    let Some(loader) = LOADERS.iter().find(|loader| unpacked.join(loader).exists()).filter(|_| folder.exists()) else {
        return Ok(());
    };
    let programs: Vec<PathBuf> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    fs::create_dir(folder.join(BEHIND))?;
    for program in programs {
        let Some(name) = program.file_name().filter(|_| is_binary(&program)) else { continue };
        fs::rename(&program, folder.join(BEHIND).join(name))?;
        fs::write(&program, script(loader, &name.to_string_lossy()))?;
        fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// A program of its own, and no link to another or a script.
fn is_binary(file: &Path) -> bool {
    let mut beginning = [0; 4];
    !file.is_symlink()
        && fs::File::open(file).and_then(|mut file| file.read_exact(&mut beginning)).is_ok()
        && beginning == *b"\x7fELF"
}

/// The process keeps its id: whoever started the script can end the program.
fn script(loader: &str, name: &str) -> String {
    format!(
        "#!/bin/sh\nroot=\"${{0%/*}}/../..\"\nexec \"$root/{loader}\" \
        --library-path \"$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu\" \
        \"$root/{PROGRAMS}/{BEHIND}/{name}\" \"$@\"\n"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn an_archive_out_of_reach_is_told_from_a_failure() {
        for said in [
            "E: Failed to fetch http://archive.example/dists/x/InRelease  Could not resolve 'archive.example'\n",
            "E: Failed to fetch http://archive.example/dists/x/InRelease  403  Forbidden [IP: 127.0.0.1 80]\n",
            "E: Unable to locate package mysql-server-core-7\n",
        ] {
            assert_eq!(classify(said), NotInstalled::NoSuchPackage, "{said}");
        }
        let gone = "E: Failed to fetch http://archive.example/pool/x_1.deb  404  Not Found [IP: 127.0.0.1 80]\n";
        assert!(matches!(classify(gone), NotInstalled::Failed(_)), "the archive is there and has changed");
        let slow =
            "W: odd\nE: Failed to fetch http://archive.example/x.deb  Connection timed out\nE: Unable to fetch some\n";
        let expected = "`apt-get`: E: Failed to fetch http://archive.example/x.deb  Connection timed out";
        assert_eq!(classify(slow), NotInstalled::Failed(expected.to_owned()));
    }

    #[test]
    fn apt_looks_at_no_source_of_the_machine() {
        let command = apt_command(Path::new("/w"), &["install", "--", "server"]);
        let arguments: Vec<_> = command.get_args().map(|text| text.to_string_lossy().into_owned()).collect();
        for option in
            ["Dir::Etc::sourcelist=/w/sources.list", "Dir::Etc::sourceparts=-", "Dir::State::status=/dev/null"]
        {
            assert!(arguments.iter().any(|argument| argument == option), "{option}");
        }
        assert_eq!(arguments.get(2).map(String::as_str), Some("install"));
        assert_eq!(arguments.last().map(String::as_str), Some("server"));
    }

    /// A folder as a package of Debian 13 leaves it, with a loader that tells how it was called.
    fn unpacked(program: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let loader = folder.path().join("usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
        fs::create_dir_all(loader.parent().unwrap()).unwrap();
        fs::write(&loader, "#!/bin/sh\necho \"$$ $@\"\n").unwrap();
        fs::set_permissions(&loader, Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(folder.path().join(PROGRAMS)).unwrap();
        fs::write(folder.path().join(PROGRAMS).join("server"), program).unwrap();
        folder
    }

    #[test]
    fn a_program_is_started_by_its_own_loader_in_the_same_process() {
        let folder = unpacked(b"\x7fELF and more");
        stand_in(folder.path()).unwrap();
        let script = folder.path().join(PROGRAMS).join("server");
        let child = Command::new(&script).args(["--port", "a b"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let id = child.id();
        let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let root = format!("{}/../..", script.parent().unwrap().display());
        let libraries = format!("--library-path {root}/lib/x86_64-linux-gnu:{root}/usr/lib/x86_64-linux-gnu");
        assert_eq!(said, format!("{id} {libraries} {root}/usr/sbin/behind/server --port a b\n"));
    }

    #[test]
    fn a_script_stays_as_it_is() {
        let folder = unpacked(b"#!/bin/sh\n");
        stand_in(folder.path()).unwrap();
        assert_eq!(fs::read(folder.path().join(PROGRAMS).join("server")).unwrap(), b"#!/bin/sh\n");
    }

    #[test]
    fn a_package_without_programs_is_fine() {
        stand_in(tempfile::tempdir().unwrap().path()).unwrap();
    }
}
