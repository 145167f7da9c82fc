//! Migrations as text, for people and tools that apply them by themselves.

use crate::database::{Database, Migration};

/// The migrations above version `after` as one script of plain SQL, for `psql`, `sqlite3` or a tool such as Flyway; 0 for all.
///
/// It says on top how to run it, and records what it has done, so [`migrate`](crate::migrate()) afterwards does nothing.
/// `event-ops migrate --print postgres` prints it.
///
/// # Examples
/// ```
/// # #[cfg(feature = "sqlite")] {
/// let script = event_sqlx::migration_script::<sqlx::Sqlite>(0);
/// assert!(script.contains("CREATE TABLE event_outbox ("));
/// # }
/// ```
#[must_use]
pub fn migration_script<DB: Database>(after: i64) -> String {
    let (opening, end) = DB::SCRIPT;
    let missing = DB::MIGRATIONS.iter().filter(|migration| migration.version > after);
    let sections: String = missing.map(section::<DB>).collect();
    format!("{opening}{sections}{end}")
}

/// The version of the tables that this release makes.
#[must_use]
pub fn latest_migration<DB: Database>() -> i64 {
    DB::MIGRATIONS.last().map_or(0, |migration| migration.version)
}

fn section<DB: Database>(migration: &Migration) -> String {
    let outside: String = migration.outside.iter().map(|statement| format!("{statement};\n")).collect();
    let sql = migration.sql.trim_end();
    format!("\n-- version {}: {}\n{outside}{sql}\n\n{}\n", migration.version, migration.name, DB::recorded(migration))
}
