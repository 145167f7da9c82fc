//! What a run consists of: the server, the broker, the workers, and what is wrong with them just now.

use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::chaos::Failure;
use crate::chaos::broker::Broker;
use crate::chaos::broker::manner::Mood;
use crate::chaos::crew::{Crew, Hiring, Role};
use crate::chaos::options::Options;
use crate::chaos::{foreign, site};
use crate::postgres::Server;

/// A durable server (`fsync` is on, as PostgreSQL has it), and one that finds deadlocks soon.
const SETTINGS: &[&str] = &["max_connections=100", "shared_buffers=64MB", "deadlock_timeout=100ms"];

/// How long nothing may move before a run counts as drained: longer than the broker keeps messages for a silent client.
pub(super) const QUIET: Duration = Duration::from_millis(2000);

#[derive(Debug)]
pub(super) struct Stage {
    // Dropped in this order: the workers before what they talk to.
    pub(super) crew: Crew,
    pub(super) broker: Broker,
    pub(super) url: String,
    pub(super) crashes: usize,
    server: Server,
    upset_until: Option<Instant>,
    folder: TempDir,
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
        Ok(Self { crew, broker, url, crashes: 0, server, upset_until: None, folder })
    }

    /// Looks after the workers, and lets the broker recover when it is time.
    pub(super) fn tend(&mut self) -> Result<(), Failure> {
        if self.upset_until.is_some_and(|until| until <= Instant::now()) {
            self.upset_until = None;
            self.broker.set_mood(Mood::Moody);
        }
        self.crew.tend(false)
    }

    /// Ends the server in some way, and starts it again.
    pub(super) fn crash(&mut self, end: impl FnOnce(&mut Server)) {
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
        let Self { crew, server, folder, .. } = self;
        drop(crew);
        drop(server);
        if !is_good {
            println!("the logs are in {}", folder.keep().display());
        }
    }
}
