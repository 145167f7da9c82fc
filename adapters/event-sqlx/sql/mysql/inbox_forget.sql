-- Called by `Inbox::forget`, every minute. Uses event_inbox_history_age. Locks what it deletes, which nobody else writes.
DELETE FROM event_inbox_history WHERE consumer = ? AND taken_at < ? ORDER BY taken_at LIMIT 2000
