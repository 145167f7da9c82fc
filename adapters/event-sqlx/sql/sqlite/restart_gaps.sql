-- Called by `Restart::forget_source`: what was missing of it. Uses the primary key.
DELETE FROM event_inbox_gap WHERE consumer = ?1 AND source = ?2
