use event_core::testing::Disorder;

use super::bench::bench;
use super::shop::{InvoiceIssued, OrderPlaced};

#[tokio::test]
async fn the_order_of_arrival_changes_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let orders: Vec<_> = (0..20).map(|n| OrderPlaced { order_id: format!("o-{n}"), cents: n }).collect();
    for seed in 0..5 {
        for disorder in [Disorder::BetweenStreams(seed), Disorder::Total(seed)] {
            let kit = bench().await?;
            kit.deliver_disordered(&orders, disorder).await?;
            let invoices = kit.published::<InvoiceIssued>().await?;
            assert_eq!(invoices.len(), orders.len(), "{disorder:?}");
        }
    }
    Ok(())
}
