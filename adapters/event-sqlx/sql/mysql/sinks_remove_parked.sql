-- Called by `Sinks::remove`, in its transaction: what is parked for it. Uses the primary key, which begins with the sink.
DELETE FROM event_parked WHERE sink = ?
