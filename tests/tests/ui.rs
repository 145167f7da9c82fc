//! What the macros say to people: each message is pinned by a file in `ui/`.

#[test]
fn mistakes_in_an_event_say_what_to_type() {
    trybuild::TestCases::new().compile_fail("ui/event/*.rs");
}

#[test]
fn mistakes_in_handlers_say_what_to_type() {
    trybuild::TestCases::new().compile_fail("ui/handlers/*.rs");
}

#[test]
fn a_set_that_is_not_answered_says_what_to_type() {
    trybuild::TestCases::new().compile_fail("ui/event_set/*.rs");
}
