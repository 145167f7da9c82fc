//! The suite of `event-tests` over every store.

event_tests::conformance!(memory, event_tests::setup::Memory);
event_tests::conformance!(sqlite, event_tests::setup::SqliteFile);
