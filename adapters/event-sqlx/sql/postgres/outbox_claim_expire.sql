-- Called by `Outbox::claim`: forgets the relays that have shown no sign of life. Uses the primary key (sink, owner); locks
-- those rows, and leaves those that another relay has locked.
DELETE FROM event_relay WHERE (sink, owner) IN (
  SELECT sink, owner FROM event_relay WHERE sink = $1 AND seen_until <= coalesce($2, clock_timestamp())
  ORDER BY owner FOR UPDATE SKIP LOCKED)
