//! The programs `chaos write` and `chaos strange`: several writers in one process, each of one transaction after another. The
//! one uses `event_sqlx::begin`; the other has transactions as programs have them that know nothing of it.

use sqlx::Pool;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::crew::Role;
use super::ground::{Ground, Side};
use super::options::{Build, Site};
use super::random::Random;
use super::site::{end_of_input, may_pass};
use super::writing::{Kind, write};

/// How many transactions a process has open at a time.
const AT_A_TIME: usize = 4;

/// How long a writer rests between two transactions, in milliseconds: the machine is for the others as well.
const REST: (u64, u64) = (5, 45);

/// Writes until its input ends; then finishes what is begun.
///
/// # Errors
/// When the database says no in a way that no retry mends.
pub async fn run<G: Ground>(site: &Site, role: Role) -> Result<(), Failure> {
    let pool = G::pool(&site.address, Side::Producers, u32::try_from(AT_A_TIME)?)?;
    let ended = end_of_input();
    let writers = (0..AT_A_TIME).map(|number| {
        let random = Random::of(site.seed, &format!("{role} {} {} {number}", site.place, site.life));
        tokio::spawn(go_on::<G>(pool.clone(), (role, site.build), random, ended.clone()))
    });
    let writers: Vec<_> = writers.collect();
    for writer in writers {
        writer.await??;
    }
    Ok(())
}

async fn go_on<G: Ground>(
    pool: Pool<G::Db>,
    (role, build): (Role, Build),
    mut random: Random,
    ended: CancellationToken,
) -> Result<(), Failure> {
    while !ended.is_cancelled() {
        let done = match role {
            Role::Stranger => G::write(&pool, &mut random).await,
            _ => write::<G>(&pool, build, &Kind::any(&mut random), &mut random).await,
        };
        match done {
            Err(error) if !may_pass::<G>(&error) => return Err(error),
            Err(error) => tracing::info!(%error, "a transaction failed"),
            Ok(()) => {}
        }
        sleep(random.millis(REST.0, REST.1)).await;
    }
    Ok(())
}
