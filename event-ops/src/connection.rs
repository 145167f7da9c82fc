//! A database, by its address: reached, and known to have tables that this release works with.

use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{MySql, MySqlPool, PgPool, Postgres, Sqlite, SqlitePool};

use crate::cli::Place;
use crate::error::CannotRun;

/// How long to wait for a server that doesn't answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) enum Database {
    Postgres(PgPool),
    Sqlite(SqlitePool),
    /// MariaDB as well.
    MySql(MySqlPool),
}

impl Database {
    /// Connects, whatever is there.
    pub(crate) async fn connect(place: &Place) -> Result<Self, CannotRun> {
        let Some(url) = &place.database_url else {
            return Err(CannotRun::new("no database is named", "give `--database-url URL`, or set `DATABASE_URL`"));
        };
        let connected = match url.split_once(':').map_or("", |(scheme, _)| scheme) {
            "postgres" | "postgresql" => connect_postgres(url, place.schema.as_deref()).await,
            "sqlite" => {
                refuse_schema(place.schema.as_deref(), SQLITE_SCHEMA)?;
                connect_sqlite(url).await
            }
            "mysql" | "mariadb" => {
                refuse_schema(place.schema.as_deref(), MYSQL_SCHEMA)?;
                connect_mysql(url).await
            }
            _ => {
                return Err(CannotRun::new(
                    "this is no address of a database that has an outbox",
                    "write `postgres://user@host/database`, `mysql://user@host/database` or `sqlite:file.db`",
                ));
            }
        };
        let help = "look at the address, and whether the server runs";
        connected.map_err(|error| CannotRun::because("cannot connect to the database", &error, help))
    }

    /// Connects to tables as this release knows them.
    pub(crate) async fn open(place: &Place) -> Result<Self, CannotRun> {
        let database = Self::connect(place).await?;
        let known = database.known();
        match database.versions().await? {
            None => Err(CannotRun::new("there are no tables of an outbox", database.elsewhere())),
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
            Self::MySql(_) => event_sqlx::latest_migration::<MySql>(),
        }
    }

    /// Where tables may be that aren't here.
    fn elsewhere(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "run `event-ops migrate`, or name their schema by `--schema`",
            Self::Sqlite(_) => "run `event-ops migrate`, or name their file in `--database-url`",
            Self::MySql(_) => "run `event-ops migrate`, or name their database in `--database-url`",
        }
    }

    /// The version of the tables, and the oldest release that works with them, if there are any.
    pub(crate) async fn versions(&self) -> Result<Option<(i64, i64)>, CannotRun> {
        let there: bool = match self {
            Self::Postgres(pool) => {
                sqlx::query_scalar(include_str!("../sql/postgres/tables.sql")).fetch_one(pool).await
            }
            Self::Sqlite(pool) => sqlx::query_scalar(include_str!("../sql/sqlite/tables.sql")).fetch_one(pool).await,
            Self::MySql(pool) => sqlx::query_scalar(include_str!("../sql/mysql/tables.sql")).fetch_one(pool).await,
        }
        .map_err(|error| unreadable(&error))?;
        if !there {
            return Ok(None);
        }
        let versions = match self {
            Self::Postgres(pool) => sqlx::query_as(include_str!("../sql/postgres/versions.sql")).fetch_one(pool).await,
            Self::Sqlite(pool) => sqlx::query_as(include_str!("../sql/sqlite/versions.sql")).fetch_one(pool).await,
            Self::MySql(pool) => sqlx::query_as(include_str!("../sql/mysql/versions.sql")).fetch_one(pool).await,
        };
        versions.map(Some).map_err(|error| unreadable(&error))
    }
}

/// The same work on the store of whichever database it is.
macro_rules! on {
    ($database:expr, $store:ident => $work:expr) => {
        match $database {
            Database::Postgres(pool) => {
                let $store = event_sqlx::Store::new(pool.clone());
                $work
            }
            Database::Sqlite(pool) => {
                let $store = event_sqlx::Store::new(pool.clone());
                $work
            }
            Database::MySql(pool) => {
                let $store = event_sqlx::Store::new(pool.clone());
                $work
            }
        }
    };
}
pub(crate) use on;

/// What a database other than PostgreSQL has in place of schemas.
pub(crate) const SQLITE_SCHEMA: (&str, &str) = ("a file of SQLite has one schema", "leave `--schema` out");
pub(crate) const MYSQL_SCHEMA: (&str, &str) =
    ("a database of MySQL or MariaDB is a schema by itself", "leave `--schema` out, and name it in `--database-url`");

pub(crate) fn refuse_schema(schema: Option<&str>, (message, help): (&str, &str)) -> Result<(), CannotRun> {
    if schema.is_some() { Err(CannotRun::new(message, help)) } else { Ok(()) }
}

async fn connect_postgres(url: &str, schema: Option<&str>) -> Result<Database, sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
    pool.connect_with(settled(url.parse()?, schema)).await.map(Database::Postgres)
}

async fn connect_sqlite(url: &str) -> Result<Database, sqlx::Error> {
    let options: SqliteConnectOptions = url.parse()?;
    let pool = SqlitePoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
    pool.connect_with(options.busy_timeout(PATIENCE)).await.map(Database::Sqlite)
}

/// sqlx sets the time zone, the encoding and the mode of its sessions by itself.
async fn connect_mysql(url: &str) -> Result<Database, sqlx::Error> {
    let options: MySqlConnectOptions = url.parse()?;
    let pool = MySqlPoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
    pool.connect_with(options).await.map(Database::MySql)
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
