use sqlx::SqlitePool;

/// A copy of the whole file as it is now, while others write.
pub async fn back_up(pool: &SqlitePool, copy: &str) -> Result<(), sqlx::Error> {
    sqlx::query("VACUUM INTO ?1").bind(copy).execute(pool).await?;
    Ok(())
}

/// To be called once for a file that was restored, before anything writes to it or relays from it.
pub async fn begin_epoch(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("UPDATE event_outbox_identity SET epoch = epoch + 1").execute(&mut *tx).await?;
    sqlx::query("UPDATE event_relay_slot SET sent = 0, fence = fence + 1, owner = NULL, leased_until = 0")
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
