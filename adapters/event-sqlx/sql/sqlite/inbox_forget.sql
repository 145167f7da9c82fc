-- Called by `Inbox::forget`, every minute. Uses event_inbox_history_age.
DELETE FROM event_inbox_history
WHERE (consumer, source, slot, upto) IN (SELECT consumer, source, slot, upto FROM event_inbox_history
                                         WHERE consumer = ?1 AND taken_at < ?2 ORDER BY taken_at LIMIT 2000)
