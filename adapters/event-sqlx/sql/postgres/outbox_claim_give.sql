-- Called by `Outbox::claim`: gives slots back. Uses the primary key (sink, slot); locks those rows.
UPDATE event_relay_slot SET owner = NULL, leased_until = '-infinity'
WHERE sink = $1 AND owner = $2 AND slot = ANY ($3::smallint[])
