//! A database, by its address: reached, and known to have tables that this release works with.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use crate::cli::Place;
use crate::error::CannotRun;

/// How long to wait for a server that doesn't answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) enum Database {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

impl Database {
    /// Connects, whatever is there.
    pub(crate) async fn connect(place: &Place) -> Result<Self, CannotRun> {
        let Some(url) = &place.database_url else {
            return Err(CannotRun::new("no database is named", "give `--database-url URL`, or set `DATABASE_URL`"));
        };
        let failed = |error: sqlx::Error| {
            CannotRun::because(
                "cannot connect to the database",
                &error,
                "look at the address, and whether the server runs",
            )
        };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options: PgConnectOptions = url.parse().map_err(failed)?;
            let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
            return pool
                .connect_with(settled(options, place.schema.as_deref()))
                .await
                .map(Self::Postgres)
                .map_err(failed);
        }
        if url.starts_with("sqlite:") {
            if place.schema.is_some() {
                return Err(CannotRun::new("a file of SQLite has one schema", "leave `--schema` out"));
            }
            let options: SqliteConnectOptions = url.parse().map_err(failed)?;
            let pool = SqlitePoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
            return pool.connect_with(options.busy_timeout(PATIENCE)).await.map(Self::Sqlite).map_err(failed);
        }
        Err(CannotRun::new(
            "this is no address of a database that has an outbox",
            "write `postgres://user@host/database` or `sqlite:file.db`",
        ))
    }

    /// Connects to tables as this release knows them.
    pub(crate) async fn open(place: &Place) -> Result<Self, CannotRun> {
        let database = Self::connect(place).await?;
        let known = database.known();
        match database.versions().await? {
            None => Err(CannotRun::new(
                "there are no tables of an outbox",
                "run `event-ops migrate`, or name their schema by `--schema`",
            )),
            Some((found, _)) if found < known => Err(CannotRun::new(
                format!("the tables are of version {found} and this release needs {known}"),
                "run `event-ops migrate`",
            )),
            Some((found, oldest)) if oldest > known => Err(CannotRun::new(
                format!("the tables are of version {found} and this release knows {known}"),
                "update event-ops",
            )),
            Some(_) => Ok(database),
        }
    }

    /// The version of the tables that this release makes.
    pub(crate) fn known(&self) -> i64 {
        match self {
            Self::Postgres(_) => event_sqlx::latest_migration::<Postgres>(),
            Self::Sqlite(_) => event_sqlx::latest_migration::<Sqlite>(),
        }
    }

    /// The version of the tables, and the oldest release that works with them, if there are any.
    pub(crate) async fn versions(&self) -> Result<Option<(i64, i64)>, CannotRun> {
        let there: bool = match self {
            Self::Postgres(pool) => {
                sqlx::query_scalar(include_str!("../sql/postgres/tables.sql")).fetch_one(pool).await
            }
            Self::Sqlite(pool) => sqlx::query_scalar(include_str!("../sql/sqlite/tables.sql")).fetch_one(pool).await,
        }
        .map_err(|error| unreadable(&error))?;
        if !there {
            return Ok(None);
        }
        let versions = match self {
            Self::Postgres(pool) => sqlx::query_as(include_str!("../sql/postgres/versions.sql")).fetch_one(pool).await,
            Self::Sqlite(pool) => sqlx::query_as(include_str!("../sql/sqlite/versions.sql")).fetch_one(pool).await,
        };
        versions.map(Some).map_err(|error| unreadable(&error))
    }
}

/// Times come in UTC, a statement ends some time, and nobody's settings of the role change what is meant.
fn settled(options: PgConnectOptions, schema: Option<&str>) -> PgConnectOptions {
    let options = options.application_name("event-ops").options([("timezone", "UTC"), ("datestyle", "ISO")]);
    match schema {
        Some(schema) => options.options([("search_path", format!("\"{}\"", schema.replace('"', "\"\"")))]),
        None => options,
    }
}

pub(crate) fn unreadable(error: &sqlx::Error) -> CannotRun {
    CannotRun::because(
        "cannot read the tables of the outbox",
        error,
        "look whether the role may read every table `event_…`",
    )
}
