//! Somebody in the process of a worker who has all connections of its pool for a while.

use event_sqlx::Database;
use sqlx::Pool;
use tokio::time::sleep;

use super::random::Random;

/// How long until the next time, and for how long then, in milliseconds: for less than one waits for a connection, and for more.
const REST: (u64, u64) = (2000, 9000);
const HOLD: (u64, u64) = (300, 2500);

/// Takes what it gets, again and again, until the process ends.
pub fn hog<DB: Database>(pool: Pool<DB>, mut random: Random) {
    tokio::spawn(async move {
        loop {
            sleep(random.millis(REST.0, REST.1)).await;
            let mut connections = Vec::new();
            for _ in 0..pool.options().get_max_connections() {
                connections.extend(pool.acquire().await.ok());
            }
            sleep(random.millis(HOLD.0, HOLD.1)).await;
        }
    });
}
