//! What goes wrong and when, as a function of the seed.

use std::time::Duration;

use super::crew::{Crew, Role};
use super::random::Random;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL, and a successor.
    Kill(Role, usize),
    /// SIGSTOP, and SIGCONT later: a process that was paged out, or whose machine was moved.
    Freeze(Role, usize, Duration),
    /// `pg_ctl stop -m immediate`, and a start.
    Crash,
    /// SIGKILL to the server and all its processes, and a start.
    KillServer,
    /// SIGSTOP to the process of the server that serves a client, and SIGCONT later: in the middle of a commit, for instance.
    FreezeBackend(usize, Duration),
    /// A transaction of somebody else that has an xid and a snapshot and does nothing for a while.
    HoldTransaction(Duration),
    /// The broker answers with errors, or hangs up.
    BreakBroker(Duration),
    /// The broker takes requests and says nothing.
    HangBroker(Duration),
}

/// How long nothing new goes wrong, in milliseconds.
const GAP: (u64, u64) = (200, 800);

/// How long a process is stopped, in milliseconds: around the lease and the publish timeouts of the harness.
const FREEZE: (u64, u64) = (500, 4500);

/// How long a writer is stopped: what it has locked stands still as well.
const FREEZE_OF_WRITERS: (u64, u64) = (100, 1500);

/// How long a process of the server is stopped, in milliseconds: the others wait for what it holds.
const FREEZE_OF_BACKENDS: (u64, u64) = (50, 500);

/// The faults of a run of this length, each with when it comes. Every kind comes once in each deal.
pub fn schedule(seed: u64, length: Duration) -> Vec<(Duration, Fault)> {
    let mut random = Random::of(seed, "schedule");
    let (mut at, mut hand, mut faults) = (random.millis(800, 1200), Vec::new(), Vec::new());
    while at < length {
        if hand.is_empty() {
            hand = deal(&mut random);
        }
        faults.extend(hand.pop().map(|fault| (at, fault)));
        at += random.millis(GAP.0, GAP.1);
    }
    faults
}

fn deal(random: &mut Random) -> Vec<Fault> {
    let mut hand = vec![
        if random.percent(50) { Fault::Crash } else { Fault::KillServer },
        Fault::HoldTransaction(random.millis(1000, 6000)),
        Fault::HoldTransaction(random.millis(1000, 6000)),
        Fault::BreakBroker(random.millis(500, 2500)),
        Fault::HangBroker(random.millis(500, 4000)),
    ];
    let (from, to) = FREEZE_OF_BACKENDS;
    hand.extend((0..5).map(|_| Fault::FreezeBackend(random.place(1000), random.millis(from, to))));
    let relays = (Role::Relay, 5, 2, FREEZE);
    for (role, kills, freezes, freeze) in
        [relays, (Role::Consumer, 4, 2, FREEZE), (Role::Writer, 4, 1, FREEZE_OF_WRITERS)]
    {
        hand.extend((0..kills).map(|_| Fault::Kill(role, random.place(Crew::LARGEST))));
        hand.extend(
            (0..freezes).map(|_| Fault::Freeze(role, random.place(Crew::LARGEST), random.millis(freeze.0, freeze.1))),
        );
    }
    random.shuffle(&mut hand);
    hand
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_seed_has_one_schedule() {
        assert_eq!(schedule(1, MINUTE), schedule(1, MINUTE));
        assert_ne!(schedule(1, MINUTE), schedule(2, MINUTE));
    }

    #[test]
    fn a_longer_run_begins_like_a_shorter_one() {
        let (short, long) = (schedule(1, MINUTE / 2), schedule(1, MINUTE));
        assert_eq!(long.get(..short.len()), Some(&short[..]));
    }

    #[test]
    fn twenty_seconds_have_every_kind_of_process_killed_and_the_server_crashed() {
        for seed in 0..50 {
            let faults = schedule(seed, Duration::from_secs(20));
            let has = |wanted: fn(&Fault) -> bool| faults.iter().any(|(_, fault)| wanted(fault));
            assert!(has(|fault| matches!(fault, Fault::Kill(Role::Relay, _))), "{seed}");
            assert!(has(|fault| matches!(fault, Fault::Kill(Role::Consumer, _))), "{seed}");
            assert!(has(|fault| matches!(fault, Fault::Kill(Role::Writer, _))), "{seed}");
            assert!(has(|fault| matches!(fault, Fault::Freeze(Role::Relay, ..))), "{seed}");
            assert!(has(|fault| matches!(fault, Fault::Crash | Fault::KillServer)), "{seed}");
        }
    }
}
