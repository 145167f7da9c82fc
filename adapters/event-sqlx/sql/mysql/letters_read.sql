-- Called by `Letters::read` with ids as a JSON array. Uses the primary key. Reads only: who is at work on a letter isn't waited for.
SELECT b.id, b.consumer, b.place, b.body, b.source, b.event_id, b.event_type, b.event_version, b.partition_key, b.blocks, b.attempts,
       b.due_at, b.errors, b.class, b.replay, b.since
FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) k
STRAIGHT_JOIN event_backlog b FORCE INDEX (PRIMARY) ON b.id = k.id ORDER BY b.id
