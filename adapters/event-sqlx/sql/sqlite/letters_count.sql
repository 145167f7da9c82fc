-- Called by `Letters::count` with a selection as a JSON object. Reads the whole backlog, and nothing but it.
SELECT count(*)
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
