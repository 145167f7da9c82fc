-- Called by `Outbox::survey`. Uses the primary key (sink, slot). Reads only.
SELECT slot, position, sent, fence, owner, leased_until FROM event_relay_slot WHERE sink = ?1 ORDER BY slot
