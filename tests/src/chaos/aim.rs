//! Kills that are aimed: a worker kills itself, as SIGKILL does it, at a place that a kill by chance seldom hits.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use tokio::time::sleep;

/// Where a worker dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// In a handler: what it wrote is not committed.
    Handler,
    /// A moment after a handler: in the commit, or near it.
    Commit,
    /// Between the commit and the acknowledgement.
    Acknowledge,
    /// In the handler of a replay.
    Replay,
    /// When a replay is committed, and nobody knows.
    Replayed,
}

impl Spot {
    const ALL: [Self; 5] = [Self::Handler, Self::Commit, Self::Acknowledge, Self::Replay, Self::Replayed];
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Handler => "handler",
            Self::Commit => "commit",
            Self::Acknowledge => "acknowledge",
            Self::Replay => "replay",
            Self::Replayed => "replayed",
        })
    }
}

/// What the log of a worker has before the spot.
const MARK: &str = "dies at: ";

/// Kills this process.
pub fn die(spot: Spot) {
    eprintln!("{MARK}{spot}");
    let _ = kill_process(getpid(), Signal::KILL);
}

/// Kills this process in a while, wherever it is by then.
pub fn die_after(while_: Duration, spot: Spot) {
    tokio::spawn(async move {
        sleep(while_).await;
        die(spot);
    });
}

/// How many workers died where, as their logs tell.
pub fn deaths(logs: &Path) -> Deaths {
    let files = std::fs::read_dir(logs).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| std::fs::read(file.path()).ok());
    Deaths::of(texts.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

/// How many workers died at each spot.
#[derive(Debug, PartialEq, Eq)]
pub struct Deaths(BTreeMap<Spot, usize>);

impl Deaths {
    fn of(logs: impl Iterator<Item = String>) -> Self {
        let mut deaths: BTreeMap<Spot, usize> = Spot::ALL.map(|spot| (spot, 0)).into();
        for log in logs {
            for (spot, count) in &mut deaths {
                *count += log.lines().filter(|line| *line == format!("{MARK}{spot}")).count();
            }
        }
        Self(deaths)
    }
}

impl fmt::Display for Deaths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> = self.0.iter().map(|(spot, count)| format!("{spot}={count}")).collect();
        f.write_str(&counts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logs_tell_who_died_where() {
        let logs = ["a warning\ndies at: replay\n", "dies at: commit\ndies at: replay\ndies at: replayed\n", ""];
        let deaths = Deaths::of(logs.into_iter().map(str::to_owned));
        assert_eq!(deaths.to_string(), "handler=0 commit=1 acknowledge=0 replay=2 replayed=1");
    }
}
