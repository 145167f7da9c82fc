//! Wakes the relays of this process after a commit, so that they need not poll often.

use tokio::sync::Notify;

static COMMITTED: Notify = Notify::const_new();

/// Wakes every relay that waits, and the next one that would.
pub(crate) fn relays() {
    COMMITTED.notify_waiters();
    COMMITTED.notify_one();
}

pub(crate) async fn committed() {
    COMMITTED.notified().await;
}
