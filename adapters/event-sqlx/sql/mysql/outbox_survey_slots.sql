-- Called by `Outbox::survey`. Uses the primary key (sink, slot). Reads only. Leases run on the database's clock, unless the
-- first parameter is another one.
SELECT slot, position, sent, fence, owner, leased_until, COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))) AS now
FROM event_relay_slot WHERE sink = ? ORDER BY slot
