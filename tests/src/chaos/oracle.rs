//! Asks the databases what was committed, what was applied, and where everything else is.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::timeout;

use super::Failure;
use super::ground::{Ground, Side};
use super::places::Census;
use super::verdict::{Known, audit};

/// How long the database may take for a census while things go wrong with it.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many events were applied, and how many are in each place: what changes as long as a run isn't drained.
///
/// # Errors
/// When the database can't be asked.
pub async fn progress<G: Ground>(address: &str) -> Result<Vec<Known>, Failure> {
    let pool = G::pool(address, Side::Consumers, 1)?;
    let mut progress = G::ask(&pool, "SELECT 'applied', count(*), '' FROM applied").await?;
    progress
        .extend(G::ask(&pool, "SELECT place, count(*), '' FROM event_backlog GROUP BY place ORDER BY place").await?);
    progress.extend(G::ask(&pool, "SELECT action, count(*), '' FROM event_audit GROUP BY action").await?);
    Ok(progress)
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

/// Where everything is at one moment.
///
/// # Errors
/// When the database can't be asked.
pub async fn census<G: Ground>(address: &str) -> Result<Census, Failure> {
    Ok(G::census(&G::pool(address, Side::Consumers, 1)?).await?)
}

/// Where everything is at one moment, unless the database has other worries.
pub async fn glance<G: Ground>(address: &str) -> Option<Census> {
    timeout(PATIENCE, census::<G>(address)).await.ok()?.ok()
}
