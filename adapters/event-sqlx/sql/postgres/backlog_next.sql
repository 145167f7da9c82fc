-- Called by `Backlog::remove`: the first letter of the key, if it is a held one. Uses the partial index event_backlog_key. Reads only;
-- whoever works it locks it.
SELECT CASE WHEN place = 'held' THEN id END FROM event_backlog
WHERE blocks AND consumer = $1 AND partition_key = $2 AND origin = $3 ORDER BY id LIMIT 1
