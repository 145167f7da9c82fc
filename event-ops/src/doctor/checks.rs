//! What is looked at. A check is a statement: each of its rows is a finding, with its message and its mend, in which names are
//! quoted by the database that reads them.

use super::Level::{self, Error, Warn};
use crate::connection::Database;

/// One thing that can be wrong.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) level: Level,
    pub(super) sql: &'static str,
    /// Whether the statement asks if it may read everything.
    pub(super) wants_full: bool,
}

macro_rules! checks {
    ($folder:literal: $($id:ident $level:ident $wants_full:literal),* $(,)?) => {
        &[$(Check {
            id: stringify!($id),
            level: $level,
            sql: include_str!(concat!("../../sql/", $folder, "/doctor_", stringify!($id), ".sql")),
            wants_full: $wants_full,
        }),*]
    };
}

/// The checks of a database, the most urgent first.
pub(super) fn of(database: &Database) -> &'static [Check] {
    match database {
        Database::Postgres(_) => POSTGRES,
        Database::Sqlite(_) => SQLITE,
    }
}

const POSTGRES: &[Check] = checks!("postgres":
    trigger_off Error false,
    replication_role Error false,
    function_altered Error false,
    unstamped Error true,
    stamped_twice Error true,
    sequence_cached Error false,
    transaction_prepared Error false,
    transaction_idle Error false,
    partition_missing Error false,
    default_partition Warn false,
    epoch Warn false,
    encoding Error false,
    sink_forgotten Warn false,
    parked Warn false,
);

const SQLITE: &[Check] = checks!("sqlite":
    file Error true,
    sink_forgotten Warn false,
    parked Warn false,
);
