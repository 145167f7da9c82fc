//! The loops: a relay that publishes what was committed, a consumer that applies what arrives, and a transport
//! within one process. They are generic over the store (an adapter such as `event-sqlx`) and the transport.

mod blob;
mod consumer;
mod fan_out;
mod follow;
mod hooks;
mod in_process;
mod operator;
mod panic;
mod relay;
mod store;
mod telemetry;
mod transport;

pub use blob::{BlobError, BlobStore};
pub use consumer::{Consumer, Counts, ReplayOptions, ReplayReport, Replayed};
pub use fan_out::{Consumers, FanOutError};
pub use follow::{Follow, FromOutbox, follow};
pub use hooks::{EventRef, Happening, Hooks};
pub use in_process::{InProcess, InProcessDelivery, InProcessSubscription, in_process};
pub use operator::{Operator, Outcome, Rebuild, RebuildError, Rebuilt, StartAt};
pub use relay::{Relay, Step};
pub use store::{
    Audit, Backlog, Epochs, Forgotten, Gaps, Gauges, Inbox, InboxTransaction, Letters, Marks, NewLetter, Origin,
    Outbox, Restart, Savepoint, Sinks, StoreError, Streams,
};
pub use telemetry::{Kind, METRICS, Metric};
pub use transport::{Delivery, PublishError, Refetch, Subscription, Transport, TransportError};
