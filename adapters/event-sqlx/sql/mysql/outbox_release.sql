-- Called by `Outbox::release` when a relay stops. Uses the primary key (sink, slot); locks its rows.
UPDATE event_relay_slot FORCE INDEX (PRIMARY) SET owner = NULL, leased_until = 0 WHERE sink = ? AND owner = ?
