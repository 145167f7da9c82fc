-- Called by `Inbox::forget`, every minute: gaps that their mark has passed. Uses the primary keys.
DELETE g FROM event_inbox_gap g
JOIN event_inbox_mark m ON m.consumer = g.consumer AND m.digest = g.digest AND m.slot = g.slot AND m.sequence >= g.previous
WHERE g.consumer = ?
