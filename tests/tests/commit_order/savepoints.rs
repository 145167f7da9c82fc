//! Savepoints: the log has what committed, and nothing of what was taken back.

use event_sqlx::Transaction;
use sqlx::Postgres;

use crate::load::Dice;
use crate::outbox::{Outbox, enqueue, key_in, run};

pub(crate) async fn what_a_savepoint_took_back_is_not_in_the_log(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut tx, "a", 1).await;
    let mut taken_back = tx.savepoint().await.unwrap();
    enqueue(&mut taken_back, "a", 2).await;
    enqueue(&mut taken_back, "b", 1).await;
    taken_back.rollback().await.unwrap();
    let mut kept = tx.savepoint().await.unwrap();
    enqueue(&mut kept, "c", 1).await;
    let mut nested = kept.savepoint().await.unwrap();
    enqueue(&mut nested, "c", 2).await;
    nested.rollback().await.unwrap();
    enqueue(&mut kept, "c", 3).await;
    kept.commit().await.unwrap();
    enqueue(&mut tx, "a", 3).await;
    tx.commit().await.unwrap();
    assert_eq!(outbox.steps("a").await, [1, 3]);
    assert_eq!(outbox.steps("b").await, [0; 0]);
    assert_eq!(outbox.steps("c").await, [1, 3]);
    assert_eq!(outbox.counts().await, [4; 3]);
}

/// PL/pgSQL makes a savepoint of each block that catches.
pub(crate) async fn a_block_that_caught_an_exception_leaves_nothing(server: &str) {
    let outbox = Outbox::on(server).await;
    let block = "DO $$ BEGIN
      INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
      VALUES (gen_random_uuid(), 'trial', 'a', 'trial.placed', '{\"step\": 1}');
      BEGIN
        INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
        VALUES (gen_random_uuid(), 'trial', 'a', 'trial.placed', '{\"step\": 2}');
        SET CONSTRAINTS ALL IMMEDIATE;
        RAISE EXCEPTION 'taken back';
      EXCEPTION WHEN raise_exception THEN NULL;
      END;
      INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload)
      VALUES (gen_random_uuid(), 'trial', 'a', 'trial.placed', '{\"step\": 3}');
    END $$";
    outbox.run(block).await;
    assert_eq!(outbox.steps("a").await, [1, 3]);
    assert_eq!(outbox.counts().await, [2; 3]);
}

pub(crate) async fn a_slot_that_a_savepoint_took_back_is_not_locked(server: &str) {
    let outbox = Outbox::on(server).await;
    let name = outbox.prepared("savepoint");
    let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut tx, &key_in(40), 1).await;
    let mut taken_back = tx.savepoint().await.unwrap();
    enqueue(&mut taken_back, &key_in(7), 1).await;
    taken_back.rollback().await.unwrap();
    enqueue(&mut tx, &key_in(3), 1).await;
    run(tx.connection(), format!("PREPARE TRANSACTION '{name}'")).await;
    tx.commit().await.unwrap();
    assert_eq!(outbox.locked_by_prepared(&name).await, [3, 40]);
    outbox.run(format!("COMMIT PREPARED '{name}'")).await;
    assert_eq!(outbox.counts().await, [2; 3]);
}

/// A hundred transactions of savepoints within savepoints: each key's log is what was kept, in its order.
pub(crate) async fn random_savepoints_leave_the_log_equal_to_the_outbox(server: &str) {
    const KEYS: [&str; 3] = ["a", "b", "c"];
    let outbox = Outbox::on(server).await;
    let mut dice = Dice::new(5);
    let mut kept: Vec<(usize, i32)> = Vec::new();
    for transaction in 0..100 {
        let mut tx = event_sqlx::begin(&outbox.pool).await.unwrap();
        let written = Box::pin(write(&mut tx, &KEYS, &mut dice, transaction * 100, 3)).await;
        if dice.one_in(5) {
            tx.rollback().await.unwrap();
        } else {
            tx.commit().await.unwrap();
            kept.extend(written);
        }
    }
    assert!(kept.len() > 100, "{} were kept", kept.len());
    for (place, key) in KEYS.iter().enumerate() {
        let expected: Vec<_> = kept.iter().filter(|(of, _)| *of == place).map(|(_, step)| *step).collect();
        assert_eq!(outbox.steps(key).await, expected);
    }
    assert_eq!(outbox.counts().await, [i64::try_from(kept.len()).unwrap(); 3]);
}

/// Writes some steps, and within savepoints more; tells which of them are left.
async fn write(
    tx: &mut Transaction<'_, Postgres>,
    keys: &[&str],
    dice: &mut Dice,
    first: i32,
    depth: u32,
) -> Vec<(usize, i32)> {
    let mut written = Vec::new();
    let mut step = first;
    for _ in 0..3 {
        if depth > 0 && dice.one_in(2) {
            let mut inner = tx.savepoint().await.unwrap();
            let nested = Box::pin(write(&mut inner, keys, dice, step + 1, depth - 1)).await;
            step = nested.last().map_or(step, |(_, last)| *last);
            if dice.one_in(2) {
                inner.commit().await.unwrap();
                written.extend(nested);
            } else {
                inner.rollback().await.unwrap();
            }
        } else {
            step += 1;
            let key = dice.below(keys.len());
            enqueue(&mut *tx, keys[key], u32::try_from(step).unwrap()).await;
            written.push((key, step));
        }
    }
    written
}
