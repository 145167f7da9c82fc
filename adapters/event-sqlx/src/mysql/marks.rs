//! How far a consumer has come.

crate::dialect::marks!(sqlx::MySql, "mysql");
