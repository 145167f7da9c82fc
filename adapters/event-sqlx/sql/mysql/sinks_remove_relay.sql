-- Called by `Sinks::remove`, in its transaction: its relays, which end by that. Uses the primary key, which begins with the sink.
DELETE FROM event_relay WHERE sink = ?
