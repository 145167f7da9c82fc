-- Called by `Transaction::commit`: positions for the events of the transaction, and COMMIT, as `event_outbox_commit` says.
CALL event_outbox_commit(?)
