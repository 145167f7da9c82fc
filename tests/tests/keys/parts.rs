use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "stock.moved", version = 1, key = (warehouse, article))]
pub struct StockMoved {
    pub warehouse: String,
    pub article: u32,
    pub pieces: i64,
}
