//! The program `chaos relay`: the relay that users run, with short leases.

use std::time::Duration;

use super::Failure;
use super::client::BrokerTransport;
use super::clock::Wrong;
use super::ground::{Ground, Side};
use super::hog::hog;
use super::options::Site;
use super::random::Random;
use super::site::end_of_input;

/// How long a relay holds its slots after the last sign of life: short, so that others take over often.
pub const LEASE: Duration = Duration::from_secs(2);

/// How many events of a slot it reads at a time.
pub const BATCH: u32 = 20;

/// How long an event is kept after it was written: not for long, so that old ones are deleted while the others are written and read.
pub const KEEP: Duration = Duration::from_secs(4);

/// How long relays wait for the broker, each in its own way: one of them longer than its lease.
const PATIENCE: [Duration; 3] = [Duration::from_millis(700), Duration::from_millis(1500), Duration::from_millis(3500)];

/// Publishes until its input ends.
///
/// # Errors
/// When the relay gives up, which it never should.
pub async fn run<G: Ground>(site: &Site) -> Result<(), Failure> {
    let pool = G::pool(&site.address, Side::Producers, 3)?;
    let mut random = Random::of(site.seed, &format!("relay {} {}", site.place, site.life));
    hog(pool.clone(), random.clone());
    // Most have the clock of the database.
    let clock = random.percent(25).then(|| Wrong::any(&mut random));
    G::relay(pool, (transport(site), clock), end_of_input()).await
}

/// The way to the broker.
pub fn transport(site: &Site) -> BrokerTransport {
    BrokerTransport::new(site.broker, PATIENCE[site.place % PATIENCE.len()])
}
