//! What is looked at. A check is a statement: each of its rows is a finding, with its message and its mend, in which names are
//! quoted by the database that reads them.

use super::Level::{self, Error, Note, Warn};
use crate::connection::Database;

/// One thing that can be wrong.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) level: Level,
    pub(super) sql: &'static str,
    pub(super) needs: Needs,
}

/// What a statement is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// Whether it may read everything.
    Full,
    /// The lags of the sinks, a JSON array.
    Lags,
    /// The migrations of this release.
    Script,
    /// After how many seconds a session that does nothing is too long.
    Idle,
    /// The size of the write-ahead log, in bytes.
    WalSize,
}

macro_rules! checks {
    ($folder:literal: $($id:ident $level:ident $needs:ident),* $(,)?) => {
        &[$(Check {
            id: stringify!($id),
            level: $level,
            sql: include_str!(concat!("../../sql/", $folder, "/doctor_", stringify!($id), ".sql")),
            needs: Needs::$needs,
        }),*]
    };
}

/// The checks of a database, the most urgent first.
pub(super) fn of(database: &Database) -> &'static [Check] {
    match database {
        Database::Postgres(_) => POSTGRES,
        Database::Sqlite(_) => SQLITE,
        Database::MySql(_) => MYSQL,
    }
}

const POSTGRES: &[Check] = checks!("postgres":
    trigger_off Error Nothing,
    replication_role Error Nothing,
    function_altered Error Nothing,
    unstamped Error Full,
    stamped_twice Error Full,
    sequence_cached Error Nothing,
    transaction_prepared Error Nothing,
    transaction_idle Error Nothing,
    partition_missing Error Nothing,
    default_partition Warn Nothing,
    epoch Warn Nothing,
    encoding Error Nothing,
    sink_forgotten Warn Nothing,
    parked Warn Nothing,
);

const SQLITE: &[Check] = checks!("sqlite":
    file Error Full,
    journal Warn Nothing,
    wal_grown Warn WalSize,
    sink_forgotten Warn Nothing,
    parked Warn Nothing,
);

const MYSQL: &[Check] = checks!("mysql":
    several_writers Error Nothing,
    function_altered Error Script,
    table_altered Error Nothing,
    unstamped Error Full,
    transaction_prepared Error Idle,
    transaction_idle Error Nothing,
    transaction_open Warn Idle,
    binlog_format Error Nothing,
    auto_increment Warn Nothing,
    sql_mode Warn Nothing,
    packet Warn Nothing,
    epoch Warn Nothing,
    sink_forgotten Warn Lags,
    parked Warn Nothing,
    flush Note Nothing,
);
