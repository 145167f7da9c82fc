-- Called by `Inbox::due`. Uses event_backlog_place for retries. Of what is held only the first event of a key can be free: goes from
-- key to key over event_backlog_key, a seek for each, however many events wait behind. Reads only.
WITH RECURSIVE head AS (
  (SELECT partition_key, origin, id, place FROM event_backlog
   WHERE blocks AND consumer = $1 ORDER BY partition_key, origin, id LIMIT 1)
  UNION ALL
  SELECT n.partition_key, n.origin, n.id, n.place
  FROM head h CROSS JOIN LATERAL (
    SELECT partition_key, origin, id, place FROM event_backlog
    WHERE blocks AND consumer = $1 AND (partition_key, origin) > (h.partition_key, h.origin)
    ORDER BY partition_key, origin, id LIMIT 1) n
)
SELECT id FROM head WHERE place = 'held'
UNION ALL
SELECT b.id FROM event_backlog b
WHERE b.consumer = $1 AND b.place = 'retry' AND b.due_at <= $2
ORDER BY 1 LIMIT $3
