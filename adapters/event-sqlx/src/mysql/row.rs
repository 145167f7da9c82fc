//! Rows of MySQL and MariaDB as values of ours.

crate::dialect::rows!(sqlx::MySql, sqlx::mysql::MySqlRow);
