//! MariaDB and MySQL in the versions that we promise: from the machine's programs, from Debian, or from another release.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{fs, iter};

use crate::machine::Package;
use crate::machine::release::{DEBIAN_12, DEBIAN_13, UBUNTU_22_04, UBUNTU_26_04};
use crate::server::{Server, Signal, Site};

/// What the tests need, and speed in place of durability: crash tests have servers of their own.
const SETTINGS: &[&str] = &[
    "--skip-name-resolve",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=128M",
    "--max-connections=500",
];

/// A smaller log is made faster.
const MARIADB_SETTINGS: &[&str] = &["--innodb-log-file-size=64M"];

/// Ubuntu's programs would look for a folder of the machine's; the other protocol has a port of its own.
const MYSQL_SETTINGS: &[&str] = &["--secure-file-priv=NULL", "--mysqlx=OFF"];

/// A superuser who comes over TCP, and a database. The tests make databases of their own.
const ACCOUNTS: &str = "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS test;
";

/// The programs of other releases are fetched for one kind of machine.
const fn on_this_platform(packages: &'static [Package]) -> &'static [Package] {
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) { packages } else { &[] }
}

/// MariaDB 10.6, with what makes it a node of a Galera cluster.
pub static MARIADB_10_6: Server = Server {
    name: "mariadb_10_6",
    variable: "EVENT_TEST_MARIADB_10_6_URL",
    folder_variable: Some("EVENT_TEST_MARIADB_10_6_BIN"),
    version: Some("10.6"),
    packages: on_this_platform(&[Package::Of { release: &UBUNTU_22_04, package: "mariadb-server-core-10.6 galera-4" }]),
    ..MARIADB
};

/// MariaDB 10.11.
pub static MARIADB_10_11: Server = Server {
    name: "mariadb_10_11",
    variable: "EVENT_TEST_MARIADB_10_11_URL",
    folder_variable: Some("EVENT_TEST_MARIADB_10_11_BIN"),
    version: Some("10.11"),
    packages: on_this_platform(&[
        Package::Debian("mariadb-server-core"),
        Package::Of { release: &DEBIAN_12, package: "mariadb-server-core" },
    ]),
    ..MARIADB
};

/// MariaDB 11.8.
pub static MARIADB_11_8: Server = Server {
    name: "mariadb_11_8",
    variable: "EVENT_TEST_MARIADB_11_8_URL",
    folder_variable: Some("EVENT_TEST_MARIADB_11_8_BIN"),
    version: Some("11.8"),
    packages: on_this_platform(&[Package::Of { release: &DEBIAN_13, package: "mariadb-server-core" }]),
    ..MARIADB
};

/// MySQL 8.0.
pub static MYSQL_8_0: Server = Server {
    name: "mysql_8_0",
    variable: "EVENT_TEST_MYSQL_8_0_URL",
    folder_variable: Some("EVENT_TEST_MYSQL_8_0_BIN"),
    version: Some("8.0"),
    packages: on_this_platform(&[Package::Of { release: &UBUNTU_22_04, package: "mysql-server-core-8.0" }]),
    ..MYSQL
};

/// MySQL 8.4, with the binary log that MySQL keeps unless told otherwise.
pub static MYSQL_8_4: Server = Server {
    name: "mysql_8_4",
    variable: "EVENT_TEST_MYSQL_8_4_URL",
    folder_variable: Some("EVENT_TEST_MYSQL_8_4_BIN"),
    version: Some("8.4"),
    packages: on_this_platform(&[Package::Of { release: &UBUNTU_26_04, package: "mysql-server-core" }]),
    command: |site| {
        let mut command = (MYSQL.command)(site);
        command.args(["--log-bin=binlog", "--sync-binlog=0"]);
        command
    },
    ..MYSQL
};

/// What is the same for every MariaDB.
const MARIADB: Server = Server {
    program: "mariadbd",
    prepare: |site| {
        fs::write(site.folder.join("bootstrap.sql"), bootstrap(&basedir(site))?)?;
        Ok(vec![bootstrap_command(site)])
    },
    command: |site| {
        let mut command = command(site, MARIADB_SETTINGS);
        command.arg(format!("--port={}", site.port));
        command
    },
    ..MYSQL
};

/// What is the same for every MySQL.
const MYSQL: Server = Server {
    name: "mysql",
    variable: "EVENT_TEST_MYSQL_URL",
    folder_variable: None,
    behind: None,
    program: "mysqld",
    version: None,
    places: || ["/usr/sbin", "/usr/libexec", "/usr/local/sbin"].map(PathBuf::from).into(),
    packages: &[],
    refuses_root: true,
    prepare: |site| {
        fs::write(site.folder.join("accounts.sql"), ACCOUNTS)?;
        Ok(vec![initialise(site)])
    },
    command: |site| {
        let mut command = command(site, MYSQL_SETTINGS);
        command.arg(format!("--port={}", site.port));
        command
    },
    ready: |site| greets(site.port),
    // Its data go with its folder: nothing is worth writing out.
    ending: Signal::KILL,
    url: |site| format!("mysql://root@127.0.0.1:{}/test", site.port),
    limit: Duration::from_secs(90),
};

/// Where it has its messages and scripts.
fn basedir(site: &Site) -> PathBuf {
    site.program.ancestors().nth(2).unwrap_or(Path::new("/usr")).to_owned()
}

/// The server with a data folder in its own, whatever the machine's configuration says.
fn command(site: &Site, settings: &[&str]) -> Command {
    let mut command = Command::new(&site.program);
    let place = |option: &str, name: &str| format!("--{option}={}", site.folder.join(name).display());
    command.current_dir(&site.folder).arg("--no-defaults").arg(format!("--basedir={}", basedir(site).display()));
    // A MariaDB that starts removes the temporary tables of others where it keeps its own.
    command.args([place("datadir", "data"), place("socket", "socket"), place("pid-file", "pid"), place("tmpdir", "")]);
    command.arg("--bind-address=127.0.0.1").args(SETTINGS).args(settings);
    command
}

/// MySQL makes its data folder by itself.
fn initialise(site: &Site) -> Command {
    let mut command = command(site, MYSQL_SETTINGS);
    command.arg("--initialize-insecure").arg(format!("--init-file={}", site.folder.join("accounts.sql").display()));
    command
}

/// MariaDB is told by a script how to.
fn bootstrap_command(site: &Site) -> Command {
    let server = command(site, MARIADB_SETTINGS);
    let mut shell = Command::new("sh");
    shell.current_dir(&site.folder).args(["-c", "mkdir data && exec \"$0\" \"$@\" --bootstrap < bootstrap.sql"]);
    shell.arg(server.get_program()).args(server.get_args());
    shell
}

/// What `mariadb-install-db` would type: tables, what is in them, and our accounts; without the pages of its manual.
fn bootstrap(basedir: &Path) -> io::Result<String> {
    let begin = "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n".to_owned();
    let scripts = ["system_tables", "performance_tables", "system_tables_data"];
    let scripts = scripts.into_iter().map(|name| fs::read_to_string(script(basedir, name)?));
    let end = format!("FLUSH PRIVILEGES;\n{ACCOUNTS}");
    iter::once(Ok(begin)).chain(scripts).chain([Ok(end)]).collect()
}

/// Where a script is: the names have changed with the versions.
fn script(basedir: &Path, name: &str) -> io::Result<PathBuf> {
    let names = [("share/mariadb", "mariadb"), ("share/mysql", "mysql"), ("share", "mariadb"), ("share", "mysql")];
    let mut places = names.iter().map(|(folder, begin)| basedir.join(folder).join(format!("{begin}_{name}.sql")));
    let missing = || io::Error::other(format!("no script `{name}` in {}", basedir.join("share").display()));
    places.find(|place| place.exists()).ok_or_else(missing)
}

/// Whether the server says its greeting, of the tenth version of its protocol, rather than an error.
fn greets(port: u16) -> bool {
    let mut greeting = [0; 5];
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let read = TcpStream::connect_timeout(&address, Duration::from_millis(300)).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_millis(300)))?;
        stream.read_exact(&mut greeting)
    });
    read.is_ok() && greeting.last() == Some(&10)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::io::Write;
    use std::net::TcpListener;

    use super::*;

    fn site(folder: &Path) -> Site {
        Site { program: "/opt/usr/sbin/mariadbd".into(), port: 7, folder: folder.into(), behind: None }
    }

    fn arguments(command: &Command) -> Vec<String> {
        command.get_args().map(|text| text.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn it_reads_no_configuration_of_the_machine_and_listens_at_home() {
        let command = (MYSQL_8_0.command)(&site(Path::new("/f")));
        let found = arguments(&command);
        assert_eq!(found.first().map(String::as_str), Some("--no-defaults"), "only as the first is it read");
        for argument in [
            "--basedir=/opt/usr",
            "--datadir=/f/data",
            "--tmpdir=/f/",
            "--bind-address=127.0.0.1",
            "--port=7",
            "--mysqlx=OFF",
        ] {
            assert!(found.iter().any(|other| other == argument), "{argument}");
        }
        assert!(!arguments(&(MARIADB_10_6.command)(&site(Path::new("/f")))).contains(&"--mysqlx=OFF".to_owned()));
    }

    #[test]
    fn scripts_are_found_under_either_name() {
        for (place, begin) in [("share/mariadb", "mariadb"), ("share/mysql", "mysql")] {
            let basedir = tempfile::tempdir().unwrap();
            fs::create_dir_all(basedir.path().join(place)).unwrap();
            for name in ["system_tables", "performance_tables", "system_tables_data"] {
                let file = basedir.path().join(place).join(format!("{begin}_{name}.sql"));
                fs::write(file, format!("-- {name}\n")).unwrap();
            }
            let lines = bootstrap(basedir.path()).unwrap();
            assert!(lines.contains("-- system_tables\n-- performance_tables\n-- system_tables_data\nFLUSH"), "{lines}");
        }
    }

    #[test]
    fn a_missing_script_is_named() {
        let said = bootstrap(Path::new("/nowhere")).unwrap_err().to_string();
        assert_eq!(said, "no script `system_tables` in /nowhere/share");
    }

    /// Whether a server that begins by saying `bytes` counts as one that answers.
    fn answers(bytes: &'static [u8]) -> bool {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || listener.accept().unwrap().0.write_all(bytes).unwrap());
        let found = greets(port);
        server.join().unwrap();
        found
    }

    #[test]
    fn a_greeting_is_told_from_an_error_and_from_silence() {
        assert!(answers(b"\x4a\0\0\0\x0a8.0.46\0"));
        assert!(!answers(b"\x10\0\0\0\xff\x10\x04Too many connections"));
        assert!(!answers(b""));
    }
}
