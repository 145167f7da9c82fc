//! The servers that the tests need. SQLite runs inside of the tests; every other server is one file here.

pub mod mysql;
pub mod pgbouncer;
pub mod postgres;
pub mod sqlite;

use crate::server::Server;

/// Every server that `cargo xtask test` brings up, in the order in which they are started.
pub static ALL: &[&Server] = &[
    &postgres::POSTGRES_13,
    &postgres::POSTGRES_15,
    &postgres::POSTGRES_17,
    &postgres::POSTGRES_18,
    &pgbouncer::PGBOUNCER,
    &mysql::MARIADB_10_6,
    &mysql::MARIADB_10_11,
    &mysql::MARIADB_11_8,
    &mysql::MYSQL_8_0,
    &mysql::MYSQL_8_4,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_modules_and_the_variables_follow_them() {
        for server in ALL {
            let module =
                server.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
            assert!(module, "tests can't be in a module `{}`", server.name);
            assert_eq!(server.variable, format!("EVENT_TEST_{}_URL", server.name.to_uppercase()));
        }
    }

    #[test]
    fn a_server_comes_after_the_one_behind_it() {
        for (place, server) in ALL.iter().enumerate() {
            let Some(behind) = server.behind else { continue };
            assert!(ALL.iter().take(place).any(|earlier| earlier.variable == behind), "{}", server.name);
        }
    }
}
