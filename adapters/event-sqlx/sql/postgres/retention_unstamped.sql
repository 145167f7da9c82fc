-- Called by `Origin::tend` for retention: whether the partition $1 has events without a place in the log. Reads the whole
-- partition, and the log; locks nothing.
SELECT event_outbox_has_unstamped($1)
