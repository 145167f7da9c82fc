//! What every relay does.

crate::dialect::steps!(sqlx::Postgres, "postgres");
