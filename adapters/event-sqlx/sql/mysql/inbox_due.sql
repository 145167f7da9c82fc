-- Called by `Inbox::due`. Uses event_backlog_place, and event_backlog_key for what waits. Reads only.
WITH asked AS (SELECT ? AS consumer, ? AS now)
SELECT b.id FROM asked a STRAIGHT_JOIN event_backlog b
  ON b.consumer = a.consumer AND b.place = 'retry' AND b.due_at <= a.now
UNION ALL
SELECT b.id FROM asked a STRAIGHT_JOIN event_backlog b ON b.consumer = a.consumer AND b.place = 'held'
WHERE NOT EXISTS (SELECT 1 FROM event_backlog e
                  WHERE e.consumer = b.consumer AND e.partition_key = b.partition_key AND e.origin = b.origin AND e.blocks
                    AND e.id < b.id)
ORDER BY 1 LIMIT ?
