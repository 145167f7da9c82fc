-- Called by `Outbox::claim`: renews what is ours. Uses the primary key (sink, slot); locks the rows of the sink for the
-- statement alone.
UPDATE event_relay_slot FORCE INDEX (PRIMARY) SET leased_until = COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))) + ? WHERE sink = ? AND owner = ?
