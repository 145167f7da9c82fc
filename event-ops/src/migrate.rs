//! `migrate`: makes the tables, or prints the SQL that does.

use clap::{Args, ValueEnum};
use event_sqlx::{migration_script, migration_script_in};
use sqlx::{MySql, Postgres, Sqlite};

use crate::cli::{Answer, Format, Place};
use crate::connection::{Database, MYSQL_SCHEMA, SQLITE_SCHEMA, refuse_schema};
use crate::error::CannotRun;
use crate::words::count;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Prints the migrations as plain SQL, for psql, mariadb, sqlite3 or Flyway, and changes nothing
    #[arg(long, value_enum, value_name = "DATABASE")]
    print: Option<Kind>,

    /// Prints only the migrations above this version
    #[arg(long, value_name = "VERSION", default_value_t = 0, requires = "print")]
    after: i64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Postgres,
    Sqlite,
    /// MariaDB as well
    Mysql,
}

pub(crate) async fn run(place: &Place, options: &Options, format: Format) -> Result<Answer, CannotRun> {
    match options.print {
        Some(kind) => print(kind, place.schema.as_deref(), options.after, format),
        None => migrate(place, format).await,
    }
}

fn print(kind: Kind, schema: Option<&str>, after: i64, format: Format) -> Result<Answer, CannotRun> {
    let script = match (kind, schema) {
        (Kind::Postgres, Some(schema)) => migration_script_in(schema, after),
        (Kind::Postgres, None) => migration_script::<Postgres>(after),
        (Kind::Sqlite, schema) => {
            refuse_schema(schema, SQLITE_SCHEMA)?;
            migration_script::<Sqlite>(after)
        }
        (Kind::Mysql, schema) => {
            refuse_schema(schema, MYSQL_SCHEMA)?;
            migration_script::<MySql>(after)
        }
    };
    match format {
        Format::Human => Ok(Answer::fine(script)),
        Format::Json => Answer::json(&serde_json::json!({ "sql": script }), 0),
    }
}

async fn migrate(place: &Place, format: Format) -> Result<Answer, CannotRun> {
    let database = Database::connect(place).await?;
    let before = database.versions().await?.map_or(0, |(found, _)| found);
    let migrated = match (&database, &place.schema) {
        (Database::Postgres(pool), Some(schema)) => event_sqlx::migrate_in(pool, schema).await,
        (Database::Postgres(pool), None) => event_sqlx::migrate(pool).await,
        (Database::Sqlite(pool), _) => event_sqlx::migrate(pool).await,
        (Database::MySql(pool), _) => event_sqlx::migrate(pool).await,
    };
    migrated.map_err(|error| {
        let help =
            "look whether the role may make tables here; `event-ops migrate --print` gives the SQL for one who may";
        CannotRun::because("the database was not migrated", &error, help)
    })?;
    let after = database.versions().await?.map_or(0, |(found, _)| found);
    match format {
        Format::Human => Ok(Answer::fine(told(before, after))),
        Format::Json => Answer::json(&serde_json::json!({ "before": before, "version": after }), 0),
    }
}

fn told(before: i64, after: i64) -> String {
    match after - before {
        0 => format!("nothing to do: the tables are of version {after}\n"),
        applied => format!("applied {}: the tables are of version {after}\n", count(applied, "migration")),
    }
}
