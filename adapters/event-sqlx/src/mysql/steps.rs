//! What every relay does.

crate::dialect::steps!(sqlx::MySql, "mysql");
