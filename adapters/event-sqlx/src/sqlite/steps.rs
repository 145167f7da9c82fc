//! What every relay does.

crate::dialect::steps!(sqlx::Sqlite, "sqlite");
