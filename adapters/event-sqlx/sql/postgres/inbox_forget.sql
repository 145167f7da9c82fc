-- Called by `Inbox::forget`, every minute. Uses event_inbox_history_age. Locks what it deletes, which nobody else writes.
DELETE FROM event_inbox_history
WHERE ctid = ANY (ARRAY(SELECT ctid FROM event_inbox_history WHERE consumer = $1 AND taken_at < $2 ORDER BY taken_at LIMIT 2000))
