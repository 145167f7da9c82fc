//! Who else may write, and what sessions are like: the locks that order commits are one server's own, and what isn't committed
//! must not be seen.

use std::collections::HashMap;

use sqlx::MySqlConnection;

use crate::dialect::statement;

/// Why an outbox would lose its order, or send what was never committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    #[error(
        "the sessions of this pool read what isn't committed; take READ UNCOMMITTED out of transaction_isolation, or add `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED` to what they begin with"
    )]
    ReadUncommitted,
    #[error(
        "the sessions of this pool don't commit by themselves; take autocommit=0 out of the server's configuration, or add `SET autocommit = 1` to what they begin with"
    )]
    NoAutocommit,
    #[error(
        "binlog_format is STATEMENT, which refuses transactions of READ COMMITTED; set it to ROW or MIXED: SET GLOBAL binlog_format = 'ROW'"
    )]
    StatementBinlog,
    #[error(
        "this server is part of a Galera cluster, where every node takes writes and no lock that orders commits is shared; keep the outbox on a server with plain replication, or one outside of the cluster"
    )]
    Galera,
    #[error(
        "group replication takes writes on several servers here, and no lock that orders commits is shared; switch it over: SELECT group_replication_switch_to_single_primary_mode()"
    )]
    GroupReplication,
}

/// Refuses a server that is one of several writers, and sessions that would send what isn't committed.
pub(super) async fn check(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    let variables: Vec<(String, String)> =
        sqlx::query_as(statement!("mysql", migrate_writers)).fetch_all(connection).await?;
    match judge(&variables.into_iter().collect()) {
        Some(unfit) => Err(sqlx::Error::Configuration(Box::new(unfit))),
        None => Ok(()),
    }
}

fn judge(variables: &HashMap<String, String>) -> Option<Unfit> {
    let value = |name: &str| variables.get(name).map_or("", String::as_str);
    if value("wsrep_on").eq_ignore_ascii_case("ON") && !matches!(value("wsrep_provider"), "" | "none") {
        return Some(Unfit::Galera);
    }
    let several = value("group_replication_single_primary_mode").eq_ignore_ascii_case("OFF");
    if several && !value("group_replication_group_name").is_empty() {
        return Some(Unfit::GroupReplication);
    }
    if value("transaction_isolation").eq_ignore_ascii_case("READ-UNCOMMITTED") {
        return Some(Unfit::ReadUncommitted);
    }
    if matches!(value("autocommit"), "0" | "OFF") {
        return Some(Unfit::NoAutocommit);
    }
    let logs_statements = value("binlog_format").eq_ignore_ascii_case("STATEMENT");
    (logs_statements && value("log_bin").eq_ignore_ascii_case("ON")).then_some(Unfit::StatementBinlog)
}

#[cfg(test)]
mod tests {
    use super::{Unfit, judge};

    fn judged(variables: &[(&str, &str)]) -> Option<Unfit> {
        judge(&variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn one_writer_is_taken_and_several_are_refused() {
        assert_eq!(judged(&[]), None);
        assert_eq!(judged(&[("wsrep_on", "OFF"), ("wsrep_provider", "none")]), None);
        assert_eq!(judged(&[("wsrep_on", "ON"), ("wsrep_provider", "none")]), None);
        assert_eq!(
            judged(&[("wsrep_on", "ON"), ("wsrep_provider", "/usr/lib/galera/libgalera_smm.so")]),
            Some(Unfit::Galera)
        );
        let group = ("group_replication_group_name", "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa");
        assert_eq!(judged(&[("transaction_isolation", "READ-UNCOMMITTED")]), Some(Unfit::ReadUncommitted));
        assert_eq!(judged(&[("transaction_isolation", "SERIALIZABLE"), ("autocommit", "1")]), None);
        assert_eq!(judged(&[("autocommit", "0")]), Some(Unfit::NoAutocommit));
        assert_eq!(judged(&[("binlog_format", "STATEMENT"), ("log_bin", "OFF")]), None);
        assert_eq!(judged(&[("binlog_format", "STATEMENT"), ("log_bin", "ON")]), Some(Unfit::StatementBinlog));
        assert_eq!(judged(&[group, ("group_replication_single_primary_mode", "ON")]), None);
        assert_eq!(judged(&[group, ("group_replication_single_primary_mode", "OFF")]), Some(Unfit::GroupReplication));
        assert_eq!(
            judged(&[("group_replication_group_name", ""), ("group_replication_single_primary_mode", "OFF")]),
            None
        );
    }
}
