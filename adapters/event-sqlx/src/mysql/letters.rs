//! Letters, as people look for them.

crate::dialect::letters!(sqlx::MySql, "mysql");
