//! pgbouncer in transaction mode, in front of PostgreSQL 15.

use std::fs;
use std::io;
use std::process::Command;
use std::time::Duration;

use crate::machine::Package;
use crate::server::{Server, Signal, Site};

/// pgbouncer in transaction mode.
pub static PGBOUNCER: Server = Server {
    name: "pgbouncer",
    variable: "EVENT_TEST_PGBOUNCER_URL",
    folder_variable: None,
    behind: Some(POSTGRES_15_URL),
    program: "pgbouncer",
    version: None,
    places: || vec!["/usr/sbin".into()],
    packages: &[Package::Debian("pgbouncer")],
    refuses_root: true,
    prepare,
    command: |site| {
        let mut command = site.beside("pgbouncer");
        command.arg("pgbouncer.ini");
        command
    },
    ready: Site::accepts,
    ending: Signal::TERM,
    url: |site| format!("postgres://postgres@127.0.0.1:{}/postgres", site.port),
    limit: Duration::from_secs(20),
};

const POSTGRES_15_URL: &str = "EVENT_TEST_POSTGRES_15_URL";

/// Fewer connections than the tests open: their transactions share them.
const POOL_SIZE: u32 = 4;

/// What is known of a server from its address.
#[derive(Debug, PartialEq, Eq)]
struct Address<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
    port: &'a str,
}

impl<'a> Address<'a> {
    /// Reads `postgres://user:password@host:port/database`.
    fn of(url: &'a str) -> Option<Self> {
        let (_, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?']).next()?;
        let (account, place) = authority.rsplit_once('@')?;
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        let (host, port) = place.rsplit_once(':').unwrap_or((place, "5432"));
        Some(Self { user, password, host, port })
    }
}

fn prepare(site: &Site) -> io::Result<Vec<Command>> {
    let url = site.behind.as_deref().unwrap_or_default();
    let unreadable =
        || io::Error::other(format!("cannot read {POSTGRES_15_URL}: write `postgres://user@host:port/database`"));
    let address = Address::of(url).ok_or_else(unreadable)?;
    fs::write(site.folder.join("users"), "\"postgres\" \"\"\n")?;
    fs::write(site.folder.join("pgbouncer.ini"), configuration(&address, site.port))?;
    Ok(Vec::new())
}

/// sqlx names its statements, and each of its connections by the same names: they must not outlive a transaction. From 1.21
/// on pgbouncer could keep them apart by itself, but Debian's may be older.
fn configuration(Address { user, password, host, port }: &Address<'_>, own_port: u16) -> String {
    // An empty one is a syntax error to pgbouncer, and every database then one that doesn't exist.
    let password = if password.is_empty() { String::new() } else { format!(" password={password}") };
    format!(
        "[databases]
* = host={host} port={port} user={user}{password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = trust
auth_file = users
pool_mode = transaction
default_pool_size = {POOL_SIZE}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits,options
server_reset_query = DEALLOCATE ALL
server_reset_query_always = 1
"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::super::postgres::POSTGRES_15;
    use super::*;

    #[test]
    fn the_server_behind_is_read_from_its_address() {
        let address = |user, password, host, port| Some(Address { user, password, host, port });
        assert_eq!(Address::of("postgres://a@127.0.0.1:7/d"), address("a", "", "127.0.0.1", "7"));
        assert_eq!(Address::of("postgresql://a:b@h/d?sslmode=off"), address("a", "b", "h", "5432"));
        assert_eq!(Address::of("127.0.0.1:7"), None);
    }

    #[test]
    fn no_password_is_no_empty_one() {
        let line = |url| configuration(&Address::of(url).unwrap(), 1).lines().nth(1).unwrap().to_owned();
        assert_eq!(line("postgres://a@h:7/d"), "* = host=h port=7 user=a");
        assert_eq!(line("postgres://a:b@h:7/d"), "* = host=h port=7 user=a password=b");
    }

    #[test]
    fn the_one_behind_is_postgres_15() {
        assert_eq!(POSTGRES_15.variable, POSTGRES_15_URL);
    }

    #[test]
    fn an_address_that_cannot_be_read_says_how_to_write_it() {
        let site = Site { program: "x".into(), port: 7, folder: "x".into(), behind: Some("somewhere".into()) };
        let said = prepare(&site).unwrap_err().to_string();
        assert_eq!(said, "cannot read EVENT_TEST_POSTGRES_15_URL: write `postgres://user@host:port/database`");
    }

    #[test]
    fn it_pools_by_transaction_and_listens_at_home() {
        let text = configuration(&Address::of("postgres://a@h:7/d").unwrap(), 9);
        for line in
            ["* = host=h port=7 user=a", "listen_addr = 127.0.0.1", "listen_port = 9", "pool_mode = transaction"]
        {
            assert!(text.lines().any(|found| found == line), "{line}");
        }
    }
}
