use std::time::Duration;

use event_core::testing::Fault;

use super::bench::bench;
use super::shop::{InvoiceIssued, OrderPlaced};

#[tokio::test]
async fn whatever_fails_there_is_one_invoice() -> Result<(), Box<dyn std::error::Error>> {
    for fault in [Fault::Begin, Fault::BeforeCommit, Fault::AfterCommit] {
        let kit = bench().await?;
        kit.fail(fault, 1);
        kit.deliver(&OrderPlaced { order_id: "o-1".to_owned(), cents: 990 }).await?;
        kit.after(Duration::from_secs(60)).await?;
        assert_eq!(kit.published::<InvoiceIssued>().await?.len(), 1, "{fault:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_handler_that_fails_after_its_work_leaves_nothing_behind() -> Result<(), Box<dyn std::error::Error>> {
    let kit = bench().await?;
    kit.fail_handler(1);
    let order = OrderPlaced { order_id: "o-1".to_owned(), cents: 990 };
    assert_eq!(kit.deliver(&order).await?.retries, 1);
    assert!(kit.published::<InvoiceIssued>().await?.is_empty());
    assert_eq!(kit.after(Duration::from_secs(1)).await?.applied, 1);
    assert_eq!(kit.published::<InvoiceIssued>().await?.len(), 1);
    Ok(())
}
