-- Called by `lag` and `doctor`: the cursors of every sink. Reads small tables by their primary keys; locks nothing.
SELECT k.sink, r.slot, r.position FROM event_sink k LEFT JOIN event_relay_slot r ON r.sink = k.sink ORDER BY k.sink, r.slot
