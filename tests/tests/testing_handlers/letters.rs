use std::time::Duration;

use event_core::{Level, Place};

use super::bench::bench;
use super::shop::OrderPlaced;

#[tokio::test]
async fn later_events_of_the_order_wait_for_somebody_who_looks() -> Result<(), Box<dyn std::error::Error>> {
    let kit = bench().await?;
    let order = |cents| OrderPlaced { order_id: "o-1".to_owned(), cents };
    kit.deliver_all(&[order(-1), order(990)]).await?;
    let letters = kit.letters(Place::DeadLetter).await?;
    let letter = letters.first().ok_or("no dead letter")?;
    assert_eq!(letter.errors, ["nobody is owed for an order"]);
    assert_eq!(kit.consumer().health().await?.level, Level::Warn);

    kit.consumer().discard(letter.id, "a test order").await?;
    assert_eq!(kit.after(Duration::ZERO).await?.applied, 1);
    Ok(())
}
