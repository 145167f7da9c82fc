-- Called by `Sinks::sinks`. Uses the primary key. Reads only.
SELECT sink, filter, registered_at FROM event_sink ORDER BY sink
