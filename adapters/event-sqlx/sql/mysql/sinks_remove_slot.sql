-- Called by `Sinks::remove`, in its transaction: its cursors. Uses the primary key, which begins with the sink.
DELETE FROM event_relay_slot WHERE sink = ?
