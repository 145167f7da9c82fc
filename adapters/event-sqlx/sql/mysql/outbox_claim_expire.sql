-- Called by `Outbox::claim`: forgets the relays that have shown no sign of life. Uses the primary key (sink, owner); locks
-- those rows for the statement alone.
DELETE FROM event_relay WHERE sink = ? AND seen_until <= COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)))
