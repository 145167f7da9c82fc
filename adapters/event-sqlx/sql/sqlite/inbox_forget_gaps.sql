-- Called by `Inbox::forget`, every minute: gaps that their mark has passed. Uses the primary keys.
DELETE FROM event_inbox_gap AS g
WHERE g.consumer = ?1
  AND EXISTS (SELECT 1 FROM event_inbox_mark m
              WHERE m.consumer = g.consumer AND m.source = g.source AND m.slot = g.slot AND m.sequence >= g.previous)
