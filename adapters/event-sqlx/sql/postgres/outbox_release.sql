-- Called by `Outbox::release` when a relay stops. Uses the primary key (sink, slot); locks its rows.
UPDATE event_relay_slot SET owner = NULL, leased_until = '-infinity' WHERE sink = $1 AND owner = $2
