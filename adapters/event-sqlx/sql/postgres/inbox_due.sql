-- Called by `Inbox::due`. Uses event_backlog_place, and event_backlog_key for what waits. Reads only.
SELECT b.id FROM event_backlog b
WHERE b.consumer = $1 AND b.place = 'retry' AND b.due_at <= $2
UNION ALL
SELECT b.id FROM event_backlog b
WHERE b.consumer = $1 AND b.place = 'held'
  AND NOT EXISTS (SELECT 1 FROM event_backlog e
                  WHERE e.blocks AND e.consumer = b.consumer AND e.partition_key = b.partition_key
                    AND e.origin = b.origin AND e.id < b.id)
ORDER BY 1 LIMIT $3
