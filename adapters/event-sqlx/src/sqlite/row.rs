//! Rows of SQLite as values of ours.

crate::dialect::rows!(sqlx::Sqlite, sqlx::sqlite::SqliteRow);
