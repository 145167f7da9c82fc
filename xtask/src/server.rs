//! A server which tests need: how it is found, started and stopped.

mod bring_up;
mod state;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub use bring_up::{Outcome, Up, bring_up};
pub use state::{Row, State};

/// One kind of server: data and a few functions, a file of its own under `servers/`.
///
/// It is looked for in this order: the address in `variable`, `program` on PATH or in `places`, `package` where we may
/// install it. Tests learn its address from `variable`.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// What the table calls it.
    pub name: &'static str,
    /// The environment variable with the address, `EVENT_TEST_POSTGRES_URL`.
    pub variable: &'static str,
    /// The program that is the server, or that starts it.
    pub program: &'static str,
    /// Where the program may be, other than on PATH.
    pub places: fn() -> Vec<PathBuf>,
    /// Debian's package; `None` where there is none: then the server is unavailable, not skipped.
    pub package: Option<&'static str>,
    /// What has to run before it: making a data folder.
    pub prepare: fn(&Site) -> Vec<Command>,
    /// The server itself, in the foreground.
    pub command: fn(&Site) -> Command,
    /// Whether it answers; must return within a second.
    pub ready: fn(&Site) -> bool,
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
}

impl Site {
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
pub fn free_port() -> std::io::Result<u16> {
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
        let site = Site { program: "x".into(), port, folder: "x".into() };
        assert!(site.accepts());
        drop(listener);
        assert!(!site.accepts());
    }

    #[test]
    fn a_free_port_can_be_bound() {
        TcpListener::bind((Ipv4Addr::LOCALHOST, free_port().unwrap())).unwrap();
    }
}
