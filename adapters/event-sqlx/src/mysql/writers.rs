//! Who else may write: the locks that order commits are one server's own.

use std::collections::HashMap;

use sqlx::MySqlConnection;

use crate::dialect::statement;

/// A cluster in which several servers take writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SeveralWriters {
    #[error(
        "this server is part of a Galera cluster, where every node takes writes and no lock that orders commits is shared; keep the outbox on a server with plain replication, or one outside of the cluster"
    )]
    Galera,
    #[error(
        "group replication takes writes on several servers here, and no lock that orders commits is shared; switch it over: SELECT group_replication_switch_to_single_primary_mode()"
    )]
    GroupReplication,
}

/// Refuses a server that is one of several writers.
pub(super) async fn check(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    let variables: Vec<(String, String)> =
        sqlx::query_as(statement!("mysql", migrate_writers)).fetch_all(connection).await?;
    match judge(&variables.into_iter().collect()) {
        Some(several) => Err(sqlx::Error::Configuration(Box::new(several))),
        None => Ok(()),
    }
}

fn judge(variables: &HashMap<String, String>) -> Option<SeveralWriters> {
    let value = |name: &str| variables.get(name).map_or("", String::as_str);
    if value("wsrep_on").eq_ignore_ascii_case("ON") && !matches!(value("wsrep_provider"), "" | "none") {
        return Some(SeveralWriters::Galera);
    }
    let several = value("group_replication_single_primary_mode").eq_ignore_ascii_case("OFF");
    (several && !value("group_replication_group_name").is_empty()).then_some(SeveralWriters::GroupReplication)
}

#[cfg(test)]
mod tests {
    use super::{SeveralWriters, judge};

    fn judged(variables: &[(&str, &str)]) -> Option<SeveralWriters> {
        judge(&variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn one_writer_is_taken_and_several_are_refused() {
        assert_eq!(judged(&[]), None);
        assert_eq!(judged(&[("wsrep_on", "OFF"), ("wsrep_provider", "none")]), None);
        assert_eq!(judged(&[("wsrep_on", "ON"), ("wsrep_provider", "none")]), None);
        assert_eq!(
            judged(&[("wsrep_on", "ON"), ("wsrep_provider", "/usr/lib/galera/libgalera_smm.so")]),
            Some(SeveralWriters::Galera)
        );
        let group = ("group_replication_group_name", "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa");
        assert_eq!(judged(&[group, ("group_replication_single_primary_mode", "ON")]), None);
        assert_eq!(
            judged(&[group, ("group_replication_single_primary_mode", "OFF")]),
            Some(SeveralWriters::GroupReplication)
        );
        assert_eq!(
            judged(&[("group_replication_group_name", ""), ("group_replication_single_primary_mode", "OFF")]),
            None
        );
    }
}
