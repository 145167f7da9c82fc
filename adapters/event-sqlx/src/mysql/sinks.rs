//! The sinks of an outbox.

crate::dialect::sinks!(sqlx::MySql, "mysql");
