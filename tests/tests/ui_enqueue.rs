//! What a user sees who enqueues outside of a transaction: each message is pinned by a file in `ui/enqueue/`.

#[test]
fn an_event_is_enqueued_in_a_transaction_and_nowhere_else() {
    trybuild::TestCases::new().compile_fail("ui/enqueue/*.rs");
}
