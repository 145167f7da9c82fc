//! Streams, as people look at them, and how a consumer begins again.

crate::dialect::streams!(sqlx::MySql, "mysql");
