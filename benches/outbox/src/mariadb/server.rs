//! A MariaDB for one run, ended and removed with the run.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, MySqlPool};
use tempfile::TempDir;

use crate::Result;
use crate::database::Mode;

const LIMIT: Duration = Duration::from_secs(60);

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    child: Child,
    _folder: TempDir,
}

impl Server {
    /// Makes and starts a server with the programs on the path, which listens on 127.0.0.1 alone.
    pub fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("outbox-bench-").tempdir()?;
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        let data = format!("--datadir={}", data.display());
        let user = format!(
            "--user={}",
            nix::unistd::User::from_uid(nix::unistd::geteuid())?.map_or_else(String::new, |user| user.name)
        );
        let install = ["--no-defaults", "--auth-root-authentication-method=normal", &user, &data];
        let made = Command::new("mariadb-install-db").args(install).output();
        let made = made.map_err(|error| format!("cannot run mariadb-install-db: {error}; give --database-url"))?;
        if !made.status.success() {
            return Err(format!("mariadb-install-db: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let (listen, socket) = (format!("--port={port}"), format!("--socket={}", folder.path().join("s").display()));
        let child = Command::new("mariadbd")
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin"])
            .args(["--innodb-buffer-pool-size=512M", "--innodb-log-file-size=1G"])
            .args([&user, &data, &listen, &socket])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()?;
        let mut server = Self { port, child, _folder: folder };
        let deadline = Instant::now() + LIMIT;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if server.child.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(format!("the server did not start: {}", fs::read_to_string(&log)?).into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }

    /// Its address, with a superuser and the database `test`.
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/test", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is needed again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a commit waits until it is on the disk.
pub async fn set(pool: &MySqlPool, mode: Mode) -> Result<()> {
    let flush = if mode == Mode::Durable { 1 } else { 2 };
    let set = AssertSqlSafe(format!("SET GLOBAL innodb_flush_log_at_trx_commit = {flush}"));
    sqlx::raw_sql(set).execute(pool).await?;
    Ok(())
}
