//! The suite of `event-tests` over every store.

event_tests::conformance!(memory, event_tests::setup::Memory);
event_tests::conformance!(sqlite, event_tests::setup::SqliteFile);
event_tests::conformance!(postgres_13, event_tests::setup::PostgresSchema<13>);
event_tests::conformance!(postgres_15, event_tests::setup::PostgresSchema<15>);
event_tests::conformance!(postgres_17, event_tests::setup::PostgresSchema<17>);
event_tests::conformance!(postgres_18, event_tests::setup::PostgresSchema<18>);
