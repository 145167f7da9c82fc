//! One transaction of `event_sqlx::begin`, of one kind or another.
//!
//! Each counts a key up under its row's lock, notes number and id of the event in the journal, and writes the event. So
//! the order of the numbers is the order of the commits, and the journal says what was committed, also where a writer was
//! killed while it did not know.

use std::time::Duration;

use event_sqlx::Transaction;
use sqlx::Pool;
use tokio::time::sleep;

use super::Failure;
use super::event::{Measured, newer};
use super::ground::Ground;
use super::options::Build;
use super::random::Random;
use super::site::hot_key;

/// What a transaction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One event.
    Plain(usize),
    /// An event of each of several keys, in an order that may be another one's backwards.
    Several(Vec<usize>),
    /// Several events in one statement.
    Together(Vec<usize>),
    /// An event in a savepoint that is rolled back, and then one that stays.
    Savepoint(usize, usize),
    /// Events that are taken back.
    RolledBack(Vec<usize>),
    /// Work between the event and the commit.
    Long(usize, Duration),
}

impl Kind {
    /// A kind by chance. Some keys are much more in use than others.
    pub fn any(random: &mut Random) -> Self {
        match random.below(16) {
            0..=5 => Self::Plain(hot_key(random)),
            6..=8 => Self::Several(keys(random, 4)),
            9..=10 => Self::Together(keys(random, 12)),
            11..=12 => Self::Savepoint(hot_key(random), hot_key(random)),
            13..=14 => Self::RolledBack(keys(random, 3)),
            _ => Self::Long(hot_key(random), random.millis(50, 700)),
        }
    }
}

fn keys(random: &mut Random, most: usize) -> Vec<usize> {
    (0..=random.place(most)).map(|_| hot_key(random)).collect()
}

/// Does it, on a connection of `pool`.
///
/// # Errors
/// When the database refuses, or goes away: the caller can't know then whether it was committed.
pub async fn write<G: Ground>(
    pool: &Pool<G::Db>,
    build: Build,
    kind: &Kind,
    random: &mut Random,
) -> Result<(), Failure> {
    let mut tx = event_sqlx::begin(pool).await?;
    G::isolate(tx.connection(), random).await?;
    match kind {
        Kind::Plain(number) => count::<G>(&mut tx, build, *number).await?,
        Kind::Several(numbers) | Kind::RolledBack(numbers) => {
            for number in numbers {
                count::<G>(&mut tx, build, *number).await?;
            }
        }
        Kind::Together(numbers) => count_together::<G>(&mut tx, build, numbers).await?,
        Kind::Savepoint(taken_back, stays) => {
            let mut savepoint = tx.savepoint().await?;
            count::<G>(&mut savepoint, build, *taken_back).await?;
            savepoint.rollback().await?;
            count::<G>(&mut tx, build, *stays).await?;
        }
        Kind::Long(number, work) => {
            count::<G>(&mut tx, build, *number).await?;
            sleep(*work).await;
        }
    }
    if matches!(kind, Kind::RolledBack(_)) {
        return Ok(tx.rollback().await?);
    }
    Ok(tx.commit().await?)
}

async fn count<G: Ground>(tx: &mut Transaction<'_, G::Db>, build: Build, number: usize) -> Result<(), Failure> {
    let event = G::count_up(tx.connection(), number).await?;
    let id = match (build, is_measured(event.n)) {
        (Build::Older, false) => G::enqueue(&event, &mut *tx).await?,
        (Build::Older, true) => G::enqueue(&Measured::of(&event), &mut *tx).await?,
        (Build::Newer, false) => G::enqueue(&newer::Counted::of(&event), &mut *tx).await?,
        (Build::Newer, true) => G::enqueue(&newer::Measured::of(&event), &mut *tx).await?,
    };
    Ok(G::note(tx.connection(), &event, &id).await?)
}

/// Whether the event `n` of a key is of the type whose newer version no older build can read.
fn is_measured(n: i64) -> bool {
    n % 8 == 1
}

async fn count_together<G: Ground>(
    tx: &mut Transaction<'_, G::Db>,
    build: Build,
    numbers: &[usize],
) -> Result<(), Failure> {
    let mut events = Vec::new();
    for number in numbers {
        events.push(G::count_up(tx.connection(), *number).await?);
    }
    let ids = match build {
        Build::Older => G::enqueue_all(&events, &mut *tx).await?,
        Build::Newer => G::enqueue_all(&events.iter().map(newer::Counted::of).collect::<Vec<_>>(), &mut *tx).await?,
    };
    for (event, id) in events.iter().zip(&ids) {
        G::note(tx.connection(), event, id).await?;
    }
    Ok(())
}
