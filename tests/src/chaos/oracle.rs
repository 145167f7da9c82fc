//! Asks the databases what was committed and what was applied.

use std::collections::BTreeMap;

use super::Failure;
use super::ground::{Ground, Side};
use super::verdict::{Known, audit};

/// How many events were committed, and how many were applied.
///
/// # Errors
/// When the database can't be asked.
pub async fn counts<G: Ground>(address: &str) -> Result<(usize, usize), Failure> {
    let committed = count::<G>(address, Side::Producers, "SELECT '', count(*), '' FROM journal").await?;
    let applied = count::<G>(address, Side::Consumers, "SELECT '', count(*), '' FROM applied").await?;
    Ok((committed, applied))
}

/// Every event that was committed.
///
/// # Errors
/// When the database can't be asked, or when the writers' two books don't agree.
pub async fn committed<G: Ground>(address: &str) -> Result<Vec<Known>, Failure> {
    let pool = G::pool(address, Side::Producers, 1)?;
    let counters = G::ask(&pool, "SELECT name, n, '' FROM business").await?;
    let counters: BTreeMap<String, i64> = counters.into_iter().map(|counter| (counter.key, counter.n)).collect();
    let committed = G::ask(&pool, "SELECT name, n, event_id FROM journal ORDER BY name, n").await?;
    audit(&counters, &committed)?;
    Ok(committed)
}

/// Every event that was applied, in the order of applying.
///
/// # Errors
/// When the database can't be asked.
pub async fn applied<G: Ground>(address: &str) -> Result<Vec<Known>, Failure> {
    let pool = G::pool(address, Side::Consumers, 1)?;
    Ok(G::ask(&pool, "SELECT name, n, event_id FROM applied ORDER BY place").await?)
}

async fn count<G: Ground>(address: &str, side: Side, statement: &'static str) -> Result<usize, Failure> {
    let answer = G::ask(&G::pool(address, side, 1)?, statement).await?;
    Ok(usize::try_from(answer.first().map_or(0, |row| row.n))?)
}
