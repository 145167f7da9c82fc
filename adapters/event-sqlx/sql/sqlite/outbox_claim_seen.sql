-- Called by `Outbox::claim`: a sign of life, unless the sink was removed. Uses both primary keys. SQLite has one writer.
INSERT INTO event_relay (sink, owner, seen_until) SELECT sink, ?2, ?3 FROM event_sink WHERE sink = ?1
ON CONFLICT (sink, owner) DO UPDATE SET seen_until = excluded.seen_until
