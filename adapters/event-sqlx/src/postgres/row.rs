//! Rows of PostgreSQL as values of ours.

crate::dialect::rows!(sqlx::Postgres, sqlx::postgres::PgRow);
