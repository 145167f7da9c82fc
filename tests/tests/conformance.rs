//! The suite of `event-tests` over every store.

event_tests::conformance!(memory, event_tests::setup::Memory);
event_tests::conformance!(sqlite, event_tests::setup::SqliteFile);
event_tests::conformance!(postgres_13, event_tests::setup::PostgresSchema<13>);
event_tests::conformance!(postgres_15, event_tests::setup::PostgresSchema<15>);
event_tests::conformance!(postgres_17, event_tests::setup::PostgresSchema<17>);
event_tests::conformance!(postgres_18, event_tests::setup::PostgresSchema<18>);
event_tests::conformance!(mariadb_10_6, event_tests::setup::MySqlDatabase<event_tests::setup::MariaDb10_6>);
event_tests::conformance!(mariadb_10_11, event_tests::setup::MySqlDatabase<event_tests::setup::MariaDb10_11>);
event_tests::conformance!(mariadb_11_8, event_tests::setup::MySqlDatabase<event_tests::setup::MariaDb11_8>);
event_tests::conformance!(mysql_8_0, event_tests::setup::MySqlDatabase<event_tests::setup::MySql8_0>);
event_tests::conformance!(mysql_8_4, event_tests::setup::MySqlDatabase<event_tests::setup::MySql8_4>);
