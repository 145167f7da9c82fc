-- Called by `Backlog::remove`: the first letter of the key, if it is a held one. Uses event_backlog_key. Reads only; whoever works it
-- locks it.
SELECT CASE WHEN place = 'held' THEN id END FROM event_backlog
WHERE consumer = ? AND partition_key = ? AND origin = ? AND blocks ORDER BY id LIMIT 1
