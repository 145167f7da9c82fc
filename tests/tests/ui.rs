//! What the macros say to people: each message is pinned by a file in `ui/`, and what must compile does.

#[test]
fn mistakes_in_an_event_say_what_to_type() {
    trybuild::TestCases::new().compile_fail("ui/event/*.rs");
}

#[test]
fn mistakes_in_handlers_say_what_to_type() {
    trybuild::TestCases::new().compile_fail("ui/handlers/*.rs");
}

#[test]
fn what_users_may_write_compiles() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}
