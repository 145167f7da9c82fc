//! What a run consists of: the server, the broker, the workers, and what is wrong with them just now.

use std::time::{Duration, Instant};

use clap::ValueEnum;
use event_core::{Clock, SystemClock, Timestamp};
use rustix::process::Signal;
use tempfile::TempDir;
use tokio::task::block_in_place;
use tokio::time::timeout;

use crate::chaos::Failure;
use crate::chaos::broker::Broker;
use crate::chaos::broker::manner::Mood;
use crate::chaos::crew::{Crew, Hiring, Role};
use crate::chaos::ground::{Ground, Host};
use crate::chaos::options::Options;
use crate::chaos::oracle;
use crate::chaos::schedule::{Crash, Hold};
use crate::chaos::verdict::Known;
use crate::postgres::server::signal;

/// How long nothing may move before a run counts as drained: longer than the broker keeps messages for a silent client.
pub(super) const QUIET: Duration = Duration::from_millis(2000);

/// How long the server may take for a commit of ours before it is put back.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Stage<G: Ground> {
    // Dropped in this order: nothing waits for a stopped process, and the workers go before what they talk to.
    frozen: Option<Frozen>,
    pub(super) crew: Crew,
    pub(super) broker: Broker,
    pub(super) address: String,
    pub(super) crashes: usize,
    /// What was committed in each producers' database that was put back, up to its end.
    pub(super) histories: Vec<Vec<Known>>,
    host: G::Host,
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

impl<G: Ground> Stage<G> {
    pub(super) async fn set(options: &Options) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("event-chaos-").tempdir()?;
        let mut host = block_in_place(|| G::Host::start(folder.path(), options.seed));
        let address = host.address();
        G::prepare(&address).await?;
        if !options.without_restores {
            block_in_place(|| host.back_up());
        }
        let broker = Broker::listen(options.seed).await?;
        let mut crew = Crew::new(Hiring {
            relay: if options.naive { "naive-relay" } else { "relay" },
            arguments: arguments(options, &address, &broker),
            logs: folder.path().join("logs"),
            is_calm: false,
        });
        crew.hire(Role::Consumer, options.consumers)?;
        crew.hire(Role::Relay, options.relays)?;
        crew.hire(Role::Writer, options.writers)?;
        crew.hire(Role::Stranger, 1)?;
        crew.hire(Role::Operator, 2)?;
        Ok(Self {
            crew,
            broker,
            address,
            crashes: 0,
            histories: Vec::new(),
            host,
            upset_until: None,
            frozen: None,
            folder,
        })
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
    pub(super) fn freeze_server(&mut self, number: usize, length: Duration) {
        let processes = self.host.processes();
        let chosen = number.checked_rem(processes.len()).and_then(|place| processes.get(place));
        self.frozen = chosen.map(|id| Frozen::stop(*id, Instant::now() + length));
    }

    /// Nothing goes wrong any more: what the server was stopped for beyond the end of the schedule is over as well.
    pub(super) fn calm(&mut self) {
        (self.frozen, self.upset_until) = (None, None);
        self.broker.set_mood(Mood::Calm);
        self.crew.calm();
    }

    /// Ends the server in some way, and starts it again.
    pub(super) fn crash(&mut self, how: Crash) {
        self.frozen = None;
        block_in_place(|| self.host.crash(how));
        self.crashes += 1;
    }

    /// Puts the producers' database back by so much. What is gone by that is asked of the one that was.
    pub(super) async fn restore(&mut self, back: Duration) -> Result<(), Failure> {
        self.frozen = None;
        let until = SystemClock.now().unix_micros() - i64::try_from(back.as_micros())?;
        let marked = timeout(PATIENCE, G::mark(&self.address)).await;
        if !marked.is_ok_and(|marked| marked.is_ok()) {
            return Ok(());
        }
        let restored = block_in_place(|| self.host.restore(Timestamp::from_unix_micros(until)));
        if let Some(gone) = restored {
            self.histories.push(oracle::committed::<G>(&gone).await?);
            block_in_place(|| {
                self.host.forget();
                self.host.back_up();
            });
        }
        Ok(())
    }

    pub(super) fn upset_broker(&mut self, mood: Mood, length: Duration) {
        self.broker.set_mood(mood);
        self.upset_until = Some(Instant::now() + length);
    }

    pub(super) fn hold(&self, hold: Hold) {
        let address = self.address.clone();
        tokio::spawn(async move {
            // Where the server goes away there is nothing left to hold.
            let _ = G::hold(&address, hold).await;
        });
    }

    /// Takes everything down; keeps the logs of the workers and the database unless all went well.
    pub(super) fn strike(self, is_good: bool) {
        let Self { frozen, crew, mut host, folder, .. } = self;
        drop(frozen);
        drop(crew);
        if !is_good {
            block_in_place(|| host.keep(folder.path()));
            println!("the logs and the data are in {}", folder.keep().display());
        }
    }
}

/// What every worker is told.
fn arguments(options: &Options, address: &str, broker: &Broker) -> Vec<String> {
    let database = options.database.to_possible_value().expect("every database can be typed");
    let told = [
        ("--database", database.get_name().to_owned()),
        ("--address", address.to_owned()),
        ("--broker", broker.address().to_string()),
        ("--seed", options.seed.to_string()),
    ];
    told.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
}
