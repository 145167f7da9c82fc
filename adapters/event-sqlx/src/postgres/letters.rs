//! Letters, as people look for them.

crate::dialect::letters!(sqlx::Postgres, "postgres");
