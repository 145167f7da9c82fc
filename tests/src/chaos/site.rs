//! What the workers share: the keys, how a worker learns that it should end, and which failures it goes on after.

use std::future::Future;
use std::io::Read;
use std::sync::LazyLock;

use event_core::Slot;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::random::Random;
use super::{Failure, clock};

/// How many keys there are of any slot.
pub const KEYS: usize = 48;

/// How many further keys there are that are all of one slot: their transactions wait for each other at commit alone.
pub const CROWD: usize = 16;

/// How many keys there are, behind those, for what is committed without a position: it is published, in any order.
pub const RAW: usize = 8;

static CROWDED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = (0..).map(|number| format!("c{number:03}"));
    names.filter(|name| Slot::of(&format!("chaos/{name}")).number() == 0).take(CROWD).collect()
});

/// The name of a key: of any slot, of the crowd, or for raw commits.
pub fn key(number: usize) -> String {
    match number.checked_sub(KEYS) {
        None => format!("k{number:02}"),
        Some(behind) => CROWDED.get(behind).cloned().unwrap_or_else(|| format!("{RAW_MARK}{:02}", behind - CROWD)),
    }
}

/// What the names of the keys for raw commits begin with.
const RAW_MARK: char = 'r';

/// Whether the order of the events of this key is promised.
pub fn is_ordered(key: &str) -> bool {
    !key.starts_with(RAW_MARK)
}

/// The names of all keys.
pub fn keys() -> impl Iterator<Item = String> {
    (0..KEYS + CROWD + RAW).map(key)
}

/// A key by chance: one of three that wait for each other's rows, one of the crowd in one slot, or any.
pub fn hot_key(random: &mut Random) -> usize {
    match random.below(10) {
        0..=2 => random.place(3),
        3..=6 => KEYS + random.place(CROWD),
        _ => random.place(KEYS),
    }
}

/// A key for what is committed without a position, by chance.
pub fn raw_key(random: &mut Random) -> usize {
    KEYS + CROWD + random.place(RAW)
}

/// Cancelled once our input ends: the conductor has asked us to end, or is gone. A word from it before says that nothing goes
/// wrong any more.
pub fn end_of_input() -> CancellationToken {
    let ended = CancellationToken::new();
    let token = ended.clone();
    // A thread of its own: one of the runtime's would keep a worker that failed from ending.
    std::thread::spawn(move || {
        // An error is an end as well.
        while std::io::stdin().read(&mut [0]).is_ok_and(|count| count > 0) {
            clock::calm();
        }
        token.cancel();
    });
    ended
}

/// Runs a worker's loop until `ended`.
pub async fn until<T>(ended: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        () = ended.cancelled() => None,
    }
}

/// Whether a failure may be gone on the next try: the server is away, or this transaction was the one to give way.
pub fn may_pass<G: Ground>(failure: &Failure) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&**failure);
    while let Some(error) = cause {
        match error.downcast_ref::<sqlx::Error>() {
            Some(sqlx::Error::Database(error)) => return G::may_pass(&**error),
            Some(_) => return true,
            None => cause = error.source(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::ground::Postgres;

    #[test]
    fn each_key_has_a_name_of_its_own_and_the_crowd_has_one_slot() {
        let names: Vec<String> = keys().collect();
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), KEYS + CROWD + RAW);
        assert!(names[KEYS..KEYS + CROWD].iter().all(|name| Slot::of(&format!("chaos/{name}")).number() == 0));
        assert_eq!(names.iter().filter(|name| !is_ordered(name)).count(), RAW);
    }

    #[test]
    fn only_failures_of_the_database_may_pass() {
        assert!(may_pass::<Postgres>(&sqlx::Error::PoolTimedOut.into()));
        assert!(!may_pass::<Postgres>(&"a mistake of the harness".into()));
    }
}
