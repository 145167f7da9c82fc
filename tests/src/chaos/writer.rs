//! The program `chaos write`: several writers in one process, each of one transaction after another.

use sqlx::PgPool;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::options::Site;
use super::random::Random;
use super::site::{end_of_input, may_pass, pool, producers};
use super::writing::{Kind, isolation, write};

/// How many transactions a process has open at a time.
const AT_A_TIME: usize = 4;

/// How long a writer rests between two transactions, in milliseconds: the machine is for the others as well.
const REST: (u64, u64) = (5, 45);

/// Writes until its input ends; then finishes what is begun.
///
/// # Errors
/// When the database says no in a way that no retry mends.
pub async fn run(site: &Site) -> Result<(), Failure> {
    let pool = pool(producers(&site.server), u32::try_from(AT_A_TIME)?)?;
    let ended = end_of_input();
    let writers = (0..AT_A_TIME).map(|number| {
        let random = Random::of(site.seed, &format!("writer {} {} {number}", site.place, site.life));
        tokio::spawn(go_on(pool.clone(), random, ended.clone()))
    });
    let writers: Vec<_> = writers.collect();
    for writer in writers {
        writer.await??;
    }
    Ok(())
}

async fn go_on(pool: PgPool, mut random: Random, ended: CancellationToken) -> Result<(), Failure> {
    while !ended.is_cancelled() {
        let (kind, isolation) = (Kind::any(&mut random), isolation(&mut random));
        match write(&pool, &kind, isolation).await {
            Err(error) if !may_pass(&error) => return Err(error),
            Err(error) => tracing::info!(%error, ?kind, "a transaction failed"),
            Ok(()) => {}
        }
        sleep(random.millis(REST.0, REST.1)).await;
    }
    Ok(())
}
