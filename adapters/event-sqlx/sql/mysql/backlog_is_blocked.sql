-- Called by `Backlog::is_blocked`, once per event. Uses event_backlog_key. Reads only.
SELECT EXISTS (SELECT 1 FROM event_backlog WHERE consumer = ? AND source = ? AND partition_key = ? AND blocks)
