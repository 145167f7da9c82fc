//! A server which tests need: how it is found, started and stopped.

mod account;
mod bring_up;
mod find;
mod state;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub use rustix::process::Signal;

pub use bring_up::{Outcome, Up, bring_up};
pub use find::programs;
pub use state::{Row, State};

use crate::machine::Package;

/// One kind of server: data and a few functions, a file of its own under `servers/`.
///
/// It is looked for in this order: the address in `variable`, `program` on PATH or in `places`, the first of `packages`
/// that we may install. Tests learn its address from `variable`.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// What the table calls it. Tests that need it are in modules of this name.
    pub name: &'static str,
    /// The environment variable with the address, `EVENT_TEST_POSTGRES_15_URL`.
    pub variable: &'static str,
    /// The environment variable with the folder of its programs, for tests that start one of their own.
    pub folder_variable: Option<&'static str>,
    /// The variable of the server behind it, which is brought up before it.
    pub behind: Option<&'static str>,
    /// The program that is the server, or that starts it.
    pub program: &'static str,
    /// The version that it has to be of, `15` or `1.18`; `None` where any will do.
    pub version: Option<&'static str>,
    /// Where the program may be, other than on PATH.
    pub places: fn() -> Vec<PathBuf>,
    /// What brings it, best first; nothing where no platform has it: then the server is unavailable, not skipped.
    pub packages: &'static [Package],
    /// Whether it refuses to be root: then it is run as `nobody`.
    pub refuses_root: bool,
    /// Files to write and commands to run before it: making a data folder.
    pub prepare: fn(&Site) -> io::Result<Vec<Command>>,
    /// The server itself, in the foreground.
    pub command: fn(&Site) -> Command,
    /// Whether it answers; must return within a second.
    pub ready: fn(&Site) -> bool,
    /// The signal by which it ends without waiting for its clients.
    pub ending: Signal,
    /// Its address for the tests.
    pub url: fn(&Site) -> String,
    /// How long all of it may take, from preparing to the first answer.
    pub limit: Duration,
}

/// Where a server runs.
#[derive(Debug, Clone)]
pub struct Site {
    /// The program that was found.
    pub program: PathBuf,
    /// A port of 127.0.0.1 that was free a moment ago.
    pub port: u16,
    /// A folder that is removed at the end.
    pub folder: PathBuf,
    /// The address of the server behind it.
    pub behind: Option<String>,
}

impl Site {
    /// A command that runs the program `name` which lies beside the server's.
    #[must_use]
    pub fn beside(&self, name: &str) -> Command {
        let mut command = Command::new(self.program.with_file_name(name));
        command.current_dir(&self.folder);
        command
    }

    /// Whether something accepts connections at the port.
    #[must_use]
    pub fn accepts(&self) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
    }
}

/// A port of 127.0.0.1 at which nothing listens.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_site_accepts_once_something_listens() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let site = Site { program: "x".into(), port, folder: "x".into(), behind: None };
        assert!(site.accepts());
        drop(listener);
        assert!(!site.accepts());
    }

    #[test]
    fn a_free_port_can_be_bound() {
        TcpListener::bind((Ipv4Addr::LOCALHOST, free_port().unwrap())).unwrap();
    }
}
