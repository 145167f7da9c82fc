use event_core::assert_published;

use super::bench::bench;
use super::shop::{InvoiceIssued, OrderPlaced};

#[tokio::test]
async fn an_order_is_invoiced_once() -> Result<(), Box<dyn std::error::Error>> {
    let kit = bench().await?;
    let order = OrderPlaced { order_id: "o-1".to_owned(), cents: 990 };
    assert_eq!(kit.deliver(&order).await?.applied, 1);
    assert_published!(kit, [InvoiceIssued { order_id: "o-1".to_owned(), cents: 990 }]);
    assert_eq!(kit.redeliver_all().await?.duplicates, 1);
    assert_published!(kit, []);
    Ok(())
}
