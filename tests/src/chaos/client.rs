//! The clients of the broker: what a relay publishes through and what a consumer receives from.

mod subscription;
mod transport;

pub use subscription::{BrokerDelivery, BrokerSubscription};
pub use transport::BrokerTransport;
