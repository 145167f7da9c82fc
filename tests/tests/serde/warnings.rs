//! What the derive warns of is seen by the compiler, at its place, and silenced where one says so.

#[test]
fn each_warning_says_why_and_what_to_write_at_its_own_place() {
    trybuild::TestCases::new().compile_fail("ui/warnings/*.rs");
}

#[test]
fn allowing_deprecated_silences_a_warning() {
    trybuild::TestCases::new().pass("ui/allowed/*.rs");
}
