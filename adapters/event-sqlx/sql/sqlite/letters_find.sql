-- Called by `Letters::find` with a selection as a JSON object. Uses the primary key from ?2 on. Reads only.
SELECT b.id, b.consumer, b.place, b.body, b.source, b.event_id, b.event_type, b.event_version, b.partition_key, b.blocks, b.attempts,
       b.due_at, b.errors, b.class, b.replay, b.since
FROM (SELECT ?1 ->> '$.consumer' AS consumer, ?1 ->> '$.place' AS place, ?1 ->> '$.class' AS class, ?1 ->> '$.event_type' AS event_type,
             ?1 ->> '$.key' AS key, ?1 ->> '$.error' AS error, ?1 ->> '$.since' AS since, ?1 ->> '$.before' AS before) s
CROSS JOIN event_backlog b
WHERE (s.consumer IS NULL OR b.consumer = s.consumer)
  AND (s.place IS NULL OR b.place = s.place)
  AND (s.class IS NULL OR b.class = s.class)
  AND (s.event_type IS NULL OR b.event_type = s.event_type)
  AND (s.key IS NULL OR b.partition_key = s.key OR substr(b.partition_key, instr(b.partition_key, '/') + 1) = s.key)
  AND (s.error IS NULL OR EXISTS (SELECT 1 FROM json_each(b.errors) e WHERE instr(e.value, s.error) > 0))
  AND (s.since IS NULL OR b.since >= s.since)
  AND (s.before IS NULL OR b.since < s.before)
  AND b.id > ?2
ORDER BY b.id LIMIT ?3
