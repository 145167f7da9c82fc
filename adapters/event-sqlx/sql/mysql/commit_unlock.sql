-- Called by `Transaction::commit` after it failed: a statement that was killed may have left named locks. Those of others stay.
CALL event_outbox_unlock(~0)
