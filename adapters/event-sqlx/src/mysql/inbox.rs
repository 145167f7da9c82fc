//! The consumer's side: transactions, and what can be tried.

crate::dialect::inbox!(sqlx::MySql, "mysql");
