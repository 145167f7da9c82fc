//! What a consumer has taken but not applied.

crate::dialect::backlog!(sqlx::MySql, "mysql");
