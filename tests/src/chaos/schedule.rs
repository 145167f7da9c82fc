//! What goes wrong and when, as a function of the seed.

use std::time::Duration;

use super::crew::{Crew, Role};
use super::ground::Ground;
use super::random::Random;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL, and a successor.
    Kill(Role, usize),
    /// SIGSTOP, and SIGCONT later: a process that was paged out, or whose machine was moved.
    Freeze(Role, usize, Duration),
    /// The server ends, and starts again.
    Crash(Crash),
    /// The producers' database is put back by so much, while all others go on.
    Restore(Duration),
    /// SIGSTOP to a process of the server, and SIGCONT later: in the middle of a commit, for instance.
    FreezeServer(usize, Duration),
    /// Somebody else is in the way.
    Hold(Hold),
    /// Somebody sends the broker what is no event.
    Junk(usize),
    /// The broker answers with errors, or hangs up.
    BreakBroker(Duration),
    /// The broker takes requests and says nothing.
    HangBroker(Duration),
}

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// As `pg_ctl stop -m immediate` does it: nothing is written out.
    Immediate,
    /// SIGKILL to the server and all its processes.
    Kill,
    /// As it is asked to by an operator, who has changed its settings.
    Restart,
}

/// What somebody else does for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Has a transaction open that may write, and does nothing in it.
    Transaction(Duration),
    /// Has a transaction open that only reads.
    Snapshot(Duration),
    /// Wants the log of the database to be written back.
    Checkpoint,
    /// Has the named lock of a slot.
    Lock(usize, Duration),
    /// Has every connection that the server gives.
    Connections(Duration),
}

/// How long nothing new goes wrong, in milliseconds.
const GAP: (u64, u64) = (100, 500);

/// How long a process is stopped, in milliseconds: around the lease and the publish timeouts of the harness.
const FREEZE: (u64, u64) = (500, 4500);

/// How long a writer is stopped: what it has locked stands still as well.
const FREEZE_OF_WRITERS: (u64, u64) = (100, 1500);

/// The faults of a run of this length, each with when it comes. Every kind comes once in each deal.
pub fn schedule<G: Ground>(seed: u64, length: Duration) -> Vec<(Duration, Fault)> {
    let mut random = Random::of(seed, "schedule");
    let (mut at, mut hand, mut faults) = (random.millis(800, 1200), Vec::new(), Vec::new());
    while at < length {
        if hand.is_empty() {
            hand = deal::<G>(&mut random);
        }
        faults.extend(hand.pop().map(|fault| (at, fault)));
        at += random.millis(GAP.0, GAP.1);
    }
    faults
}

/// How long the older consumers go on at most when there is a newer producer.
const ROLLOUT: Duration = Duration::from_secs(15);

/// What is replaced by a newer build, and when: a writer after a third of the run, and the others later, one after another. The other
/// writers stay as they are.
pub fn deploys(length: Duration) -> Vec<(Duration, Role, usize)> {
    let (first, step) = (length / 3, (length / 6).min(ROLLOUT));
    let later = |place: u32| first + step + step / 2 * place;
    vec![
        (first, Role::Writer, 0),
        (later(0), Role::Consumer, 0),
        (later(1), Role::Consumer, 1),
        (later(1), Role::Operator, 0),
        (later(1), Role::Operator, 1),
    ]
}

fn deal<G: Ground>(random: &mut Random) -> Vec<Fault> {
    let mut hand = G::deal(random);
    hand.push(Fault::BreakBroker(random.millis(500, 2500)));
    hand.push(Fault::HangBroker(random.millis(500, 4000)));
    hand.extend((0..3).map(|_| Fault::Junk(random.place(1_000_000))));
    let relays = (Role::Relay, 5, 2, FREEZE);
    for (role, kills, freezes, freeze) in [
        relays,
        (Role::Consumer, 4, 2, FREEZE),
        (Role::Writer, 3, 1, FREEZE_OF_WRITERS),
        (Role::Stranger, 2, 1, FREEZE_OF_WRITERS),
        (Role::Operator, 2, 1, FREEZE),
    ] {
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
    use crate::chaos::ground::{Mariadb, Postgres, Sqlite};

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_seed_has_one_schedule() {
        assert_eq!(schedule::<Postgres>(1, MINUTE), schedule::<Postgres>(1, MINUTE));
        assert_ne!(schedule::<Postgres>(1, MINUTE), schedule::<Postgres>(2, MINUTE));
    }

    #[test]
    fn a_longer_run_begins_like_a_shorter_one() {
        let (short, long) = (schedule::<Postgres>(1, MINUTE / 2), schedule::<Postgres>(1, MINUTE));
        assert_eq!(long.get(..short.len()), Some(&short[..]));
    }

    #[test]
    fn a_newer_producer_comes_before_its_consumers_and_all_come_in_time() {
        for length in [Duration::from_secs(20), MINUTE * 10] {
            let deploys = deploys(length);
            assert_eq!(deploys[0], (length / 3, Role::Writer, 0));
            assert!(deploys.is_sorted_by_key(|(at, ..)| *at));
            assert!(deploys.iter().all(|(at, ..)| *at < length * 2 / 3), "{deploys:?}");
            assert!(deploys[1].0 > length / 3);
        }
    }

    fn has_every_kind<G: Ground>(kinds: &[fn(&Fault) -> bool]) {
        for seed in 0..50 {
            let faults = schedule::<G>(seed, Duration::from_secs(20));
            let has = |wanted: &dyn Fn(&Fault) -> bool| faults.iter().any(|(_, fault)| wanted(fault));
            for role in [Role::Relay, Role::Consumer, Role::Writer, Role::Stranger, Role::Operator] {
                assert!(has(&|fault| matches!(fault, Fault::Kill(killed, _) if *killed == role)), "{seed} {role}");
            }
            assert!(has(&|fault| matches!(fault, Fault::Freeze(Role::Relay, ..))), "{seed}");
            assert!(kinds.iter().all(|kind| has(kind)), "{seed}");
        }
    }

    #[test]
    fn twenty_seconds_have_every_kind_of_process_killed_and_the_server_crashed() {
        has_every_kind::<Postgres>(&[|fault| matches!(fault, Fault::Crash(_))]);
    }

    #[test]
    fn twenty_seconds_have_mariadb_killed_and_the_named_lock_of_a_slot_held_for_longer_than_commits_wait() {
        has_every_kind::<Mariadb>(&[
            |fault| matches!(fault, Fault::Crash(Crash::Kill)),
            |fault| matches!(fault, Fault::Hold(Hold::Lock(_, length)) if *length > Duration::from_secs(3)),
        ]);
    }

    #[test]
    fn twenty_seconds_have_the_lock_of_the_only_writer_held_for_less_and_for_more_than_others_wait() {
        has_every_kind::<Sqlite>(&[
            |fault| matches!(fault, Fault::Hold(Hold::Transaction(length)) if *length < Duration::from_secs(2)),
            |fault| matches!(fault, Fault::Hold(Hold::Transaction(length)) if *length > Duration::from_secs(2)),
        ]);
    }
}
