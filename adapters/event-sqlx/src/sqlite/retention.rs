//! Old events go in batches.

crate::dialect::retention!(sqlx::Sqlite, "sqlite");
