//! What a run consists of: the server, the broker, the workers, and what is wrong with them just now.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::chaos::Failure;
use crate::chaos::broker::Broker;
use crate::chaos::broker::manner::Mood;
use crate::chaos::crew::{Crew, Hiring, Role};
use crate::chaos::options::Options;
use crate::chaos::{foreign, site};
use crate::postgres::Server;
use crate::postgres::server::signal;

/// A durable server (`fsync` is on, as PostgreSQL has it), and one that finds deadlocks soon.
const SETTINGS: &[&str] = &["max_connections=100", "shared_buffers=64MB", "deadlock_timeout=100ms"];

/// How long nothing may move before a run counts as drained: longer than the broker keeps messages for a silent client.
pub(super) const QUIET: Duration = Duration::from_millis(2000);

#[derive(Debug)]
pub(super) struct Stage {
    // Dropped in this order: nothing waits for a stopped process, and the workers go before what they talk to.
    frozen: Option<Frozen>,
    pub(super) crew: Crew,
    pub(super) broker: Broker,
    pub(super) url: String,
    pub(super) crashes: usize,
    server: Server,
    upset_until: Option<Instant>,
    folder: TempDir,
}

/// A process of the server that is stopped; dropping this wakes it.
#[derive(Debug)]
struct Frozen {
    id: u32,
    until: Instant,
}

impl Frozen {
    fn stop(id: u32, until: Instant) -> Self {
        signal(id, Signal::STOP);
        Self { id, until }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        signal(self.id, Signal::CONT);
    }
}

impl Stage {
    pub(super) async fn set(options: &Options) -> Result<Self, Failure> {
        let server = block_in_place(|| Server::start(SETTINGS));
        let url = server.url();
        site::prepare(&url).await?;
        let broker = Broker::listen(options.seed).await?;
        let folder = tempfile::Builder::new().prefix("event-chaos-").tempdir()?;
        let arguments =
            ["--server", &url, "--broker", &broker.address().to_string(), "--seed", &options.seed.to_string()];
        let mut crew = Crew::new(Hiring {
            relay: if options.naive { "naive-relay" } else { "relay" },
            arguments: arguments.map(str::to_owned).into(),
            logs: folder.path().join("logs"),
        });
        crew.hire(Role::Consumer, options.consumers)?;
        crew.hire(Role::Relay, options.relays)?;
        crew.hire(Role::Writer, options.writers)?;
        Ok(Self { crew, broker, url, crashes: 0, server, upset_until: None, frozen: None, folder })
    }

    /// Looks after the workers, and lets the broker recover when it is time.
    pub(super) fn tend(&mut self) -> Result<(), Failure> {
        if self.upset_until.is_some_and(|until| until <= Instant::now()) {
            self.upset_until = None;
            self.broker.set_mood(Mood::Moody);
        }
        self.frozen = self.frozen.take().filter(|frozen| frozen.until > Instant::now());
        self.crew.tend(false)
    }

    /// Stops one of the processes of the server, for so long.
    pub(super) fn freeze_backend(&mut self, number: usize, length: Duration) {
        let processes = self.server.processes();
        let chosen = number.checked_rem(processes.len()).and_then(|place| processes.get(place));
        self.frozen = chosen.map(|id| Frozen::stop(*id, Instant::now() + length));
    }

    /// Ends the server in some way, and starts it again.
    pub(super) fn crash(&mut self, end: impl FnOnce(&mut Server)) {
        self.frozen = None;
        block_in_place(|| {
            end(&mut self.server);
            self.server.resume();
        });
        self.crashes += 1;
    }

    pub(super) fn upset_broker(&mut self, mood: Mood, length: Duration) {
        self.broker.set_mood(mood);
        self.upset_until = Some(Instant::now() + length);
    }

    pub(super) fn hold_transaction(&self, length: Duration) {
        let url = self.url.clone();
        tokio::spawn(async move {
            // Where the server goes away there is nothing left to hold.
            let _ = foreign::hold(site::producers(&url), length).await;
        });
    }

    /// Takes everything down; keeps the logs of the workers unless all went well.
    pub(super) fn strike(self, is_good: bool) {
        let Self { frozen, crew, server, folder, .. } = self;
        drop(frozen);
        drop(crew);
        drop(server);
        if !is_good {
            println!("the logs are in {}", folder.keep().display());
        }
    }
}
