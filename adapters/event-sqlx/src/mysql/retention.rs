//! Old events go in batches.

crate::dialect::retention!(sqlx::MySql, "mysql");
