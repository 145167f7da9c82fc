-- Called by `Outbox::claim` at its end: what is ours now. Uses the primary key (sink, slot). Reads only.
SELECT slot, position, sent, fence FROM event_relay_slot WHERE sink = ? AND owner = ? ORDER BY slot
