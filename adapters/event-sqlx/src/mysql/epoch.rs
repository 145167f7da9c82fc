//! The name of the outbox, which another server doesn't go on with. Where it came to may be one of several writers.

crate::dialect::epoch!(sqlx::MySql, "mysql", super::writers::check);
