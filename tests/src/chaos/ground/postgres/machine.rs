//! Two servers, so that the producers' database can be restored while that of the consumers goes on.

use std::path::Path;
use std::time::Duration;

use event_core::{Clock, SystemClock, Timestamp};

use crate::chaos::ground::{Host, Side, copy};
use crate::chaos::schedule::Crash;
use crate::postgres::{Backup, Server, Shutdown};

/// A durable server (`fsync` is on, as PostgreSQL has it), and one that finds deadlocks soon.
const SETTINGS: &[&str] = &["max_connections=100", "shared_buffers=64MB", "deadlock_timeout=100ms"];

/// How far behind a backup the point is that may be restored.
const AFTER_BACKUP: Duration = Duration::from_millis(200);

/// The servers.
#[derive(Debug)]
pub struct Machine {
    producers: Server,
    consumers: Server,
    backup: Option<(Backup, Timestamp)>,
    /// What was the producers' server before the last restore.
    gone: Option<Server>,
    crashes: usize,
}

/// The address of one of the databases.
pub(super) fn part(address: &str, side: Side) -> &str {
    let (producers, consumers) = address.split_once(' ').expect("there are two addresses");
    if side == Side::Producers { producers } else { consumers }
}

impl Host for Machine {
    fn start(_: &Path, _: u64) -> Self {
        let (producers, consumers) = (Server::start_archived(SETTINGS), Server::start(SETTINGS));
        Self { producers, consumers, backup: None, gone: None, crashes: 0 }
    }

    fn address(&self) -> String {
        format!("{} {}", self.producers.url(), self.consumers.url())
    }

    /// Both servers, or the one, or the other.
    fn crash(&mut self, how: Crash) {
        let both = [&mut self.producers, &mut self.consumers];
        let spared = self.crashes % 3;
        for (_, server) in both.into_iter().enumerate().filter(|(place, _)| place + 1 != spared) {
            match how {
                Crash::Immediate => server.stop(Shutdown::Immediate),
                Crash::Kill => server.kill(),
                Crash::Restart => server.stop(Shutdown::Fast),
            }
            server.resume();
        }
        self.crashes += 1;
    }

    fn processes(&self) -> Vec<u32> {
        [self.producers.processes(), self.consumers.processes()].concat()
    }

    fn back_up(&mut self) {
        self.backup = self.producers.backup().map(|backup| (backup, SystemClock.now()));
    }

    fn restore(&mut self, until: Timestamp) -> Option<String> {
        let Some((backup, since)) = self.backup.take() else {
            self.back_up();
            return None;
        };
        // A server that starts knows no names of time zones yet, not even `Z`.
        let until = until.max(since + AFTER_BACKUP).to_string().replace('Z', "+00");
        let restored = self.producers.restored(&backup, &until);
        let mut gone = std::mem::replace(&mut self.producers, restored);
        gone.resume();
        let address = format!("{} {}", gone.url(), self.consumers.url());
        self.gone = Some(gone);
        Some(address)
    }

    fn forget(&mut self) {
        self.gone = None;
    }

    fn keep(&mut self, folder: &Path) {
        for (name, server) in [("producers", &mut self.producers), ("consumers", &mut self.consumers)] {
            server.stop(Shutdown::Fast);
            copy(&server.data(), &folder.join(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_has_a_server_of_its_own() {
        let address = "postgres://postgres@127.0.0.1:1/postgres postgres://postgres@127.0.0.1:2/postgres";
        assert_eq!(part(address, Side::Producers), "postgres://postgres@127.0.0.1:1/postgres");
        assert_eq!(part(address, Side::StrictConsumers), "postgres://postgres@127.0.0.1:2/postgres");
    }
}
