//! A MariaDB or MySQL of a test's own, to be crashed: started, stopped, killed and started again at the same address.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use sqlx::mysql::MySqlConnectOptions;

use crate::daemon::Daemon;

/// A superuser who comes over TCP, and a database.
const ACCOUNTS: &str = "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS test;
";

/// How a server is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// SIGTERM: transactions are rolled back, and everything is written out.
    Fast,
    /// SIGKILL: no writing out; the next start recovers from the log.
    Immediate,
}

/// A server with a data folder and a port of its own.
///
/// A commit is durable (`innodb_flush_log_at_trx_commit` is 1), unless the caller says otherwise. It is run as `nobody` where
/// we are root. Every call returns once its work is done, or panics after a limit with what the server said last; they
/// block, so an async test needs more than one thread. Dropping it ends it and removes its folder.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    options: Vec<String>,
    daemon: Daemon,
}

impl Server {
    /// Makes and starts a server of the version that `server` names, `mariadb_10_11`, with `options`, each as `--name=value`.
    ///
    /// # Panics
    /// When there are no programs (the message says what to type), or when it doesn't answer in time.
    pub fn start(server: &str, options: &[&str]) -> Self {
        let name = if server.starts_with("mariadb") { "mariadbd" } else { "mysqld" };
        let program = super::programs(server).join(name);
        let daemon = Daemon::new(server, Signal::KILL);
        let mut server = Self { program, options: texts(options), daemon };
        server.initialise();
        server.resume();
        server
    }

    /// Its address, with a superuser and the database `test`; the same after every start.
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/test", self.daemon.port)
    }

    /// The same, as sqlx has it.
    ///
    /// # Panics
    /// Never: the address is one.
    pub fn connect_options(&self) -> MySqlConnectOptions {
        self.url().parse().unwrap()
    }

    /// A file of the programs' installation, `lib/galera/libgalera_smm.so`.
    pub fn installed(server: &str, file: &str) -> PathBuf {
        super::programs(server).ancestors().nth(1).unwrap().join(file)
    }

    /// The process id of the server.
    ///
    /// # Panics
    /// While it doesn't run.
    pub fn id(&self) -> u32 {
        self.daemon.id()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.daemon.folder().join("data")
    }

    /// What the server logged since its first start.
    pub fn log(&self) -> String {
        self.daemon.log()
    }

    /// Other options from the next start on, each as `--name=value`.
    pub fn set(&mut self, options: &[&str]) {
        self.options = texts(options);
    }

    /// Asks it to end, and waits until it did.
    ///
    /// # Panics
    /// When it takes too long.
    pub fn stop(&mut self, how: Shutdown) {
        self.daemon.end(match how {
            Shutdown::Fast => Signal::TERM,
            Shutdown::Immediate => Signal::KILL,
        });
    }

    /// Kills it, as the kernel does when memory is short.
    ///
    /// # Panics
    /// When it is still there after a while.
    pub fn kill(&mut self) {
        self.stop(Shutdown::Immediate);
    }

    /// Starts it again, after [`stop`](Self::stop) or [`kill`](Self::kill), and waits until it has recovered and answers.
    ///
    /// # Panics
    /// When it runs already, or takes too long.
    pub fn resume(&mut self) {
        let mut command = self.command();
        command.arg(format!("--port={}", self.daemon.port)).args(&self.options);
        let port = self.daemon.port;
        self.daemon.start(command, || greets(port));
    }

    /// [`stop`](Self::stop) and [`resume`](Self::resume).
    ///
    /// # Panics
    /// As they do.
    pub fn restart(&mut self, how: Shutdown) {
        self.stop(how);
        self.resume();
    }

    fn is_mariadb(&self) -> bool {
        self.program.ends_with("mariadbd")
    }

    /// Where it has its messages and scripts.
    fn basedir(&self) -> &Path {
        self.program.ancestors().nth(2).unwrap()
    }

    fn command(&self) -> Command {
        let place = |option: &str, name: &str| format!("--{option}={}", self.daemon.folder().join(name).display());
        let mut command = self.daemon.command(&self.program);
        command.arg("--no-defaults").arg(format!("--basedir={}", self.basedir().display()));
        // A MariaDB that starts removes the temporary tables of others where it keeps its own.
        command.args([
            place("datadir", "data"),
            place("socket", "socket"),
            place("pid-file", "pid"),
            place("tmpdir", ""),
        ]);
        command.args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-buffer-pool-size=64M"]);
        if self.is_mariadb() {
            command.args(["--innodb-log-file-size=64M", "--innodb-flush-log-at-trx-commit=1"]);
        } else {
            command.args(["--secure-file-priv=NULL", "--mysqlx=OFF", "--innodb-flush-log-at-trx-commit=1"]);
        }
        command
    }

    /// Makes its data folder, without waiting for the disk.
    fn initialise(&self) {
        const HASTY: [&str; 3] = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--skip-log-bin"];
        let (mut server, file) = (self.command(), self.daemon.folder().join("accounts.sql"));
        server.args(HASTY);
        if !self.is_mariadb() {
            fs::write(&file, ACCOUNTS).unwrap();
            server.arg("--initialize-insecure").arg(format!("--init-file={}", file.display()));
            return self.daemon.run(server);
        }
        fs::write(file, self.bootstrap()).unwrap();
        let mut shell = self.daemon.command(Path::new("sh"));
        shell.args(["-c", "mkdir data && exec \"$0\" \"$@\" --bootstrap < accounts.sql"]);
        shell.arg(server.get_program()).args(server.get_args());
        self.daemon.run(shell);
    }

    /// What `mariadb-install-db` would type, without the pages of its manual.
    fn bootstrap(&self) -> String {
        let share = self.basedir().join("share");
        let script = |name: &str| {
            let names = [format!("mariadb/mariadb_{name}.sql"), format!("mysql/mysql_{name}.sql")];
            let file = names.iter().map(|name| share.join(name)).find(|file| file.exists());
            fs::read_to_string(file.unwrap_or_else(|| panic!("no script {name} in {}", share.display()))).unwrap()
        };
        let scripts = ["system_tables", "performance_tables", "system_tables_data"].map(script).concat();
        format!(
            "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n{scripts}FLUSH PRIVILEGES;\n{ACCOUNTS}"
        )
    }
}

fn texts(options: &[&str]) -> Vec<String> {
    options.iter().map(|&option| option.to_owned()).collect()
}

/// Whether the server says its greeting, of the tenth version of its protocol, rather than an error.
fn greets(port: u16) -> bool {
    let (mut greeting, limit) = ([0; 5], Duration::from_secs(1));
    let read =
        TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), limit).and_then(|mut stream| {
            stream.set_read_timeout(Some(limit))?;
            stream.read_exact(&mut greeting)
        });
    read.is_ok() && greeting.last() == Some(&10)
}
