//! What is counted for metrics and health reports.

crate::dialect::gauges!(sqlx::Sqlite, "sqlite");
