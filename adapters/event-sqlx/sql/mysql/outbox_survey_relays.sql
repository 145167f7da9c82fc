-- Called by `Outbox::survey`. Uses the primary key (sink, owner). Reads only.
SELECT owner, seen_until FROM event_relay WHERE sink = ?
