-- Called by `Origin::tend` for a hole that is old: fails at once if an open transaction has inserted there. Uses the primary key of
-- event_outbox; takes back at once what it locks.
SELECT number FROM event_outbox WHERE number BETWEEN ? AND ? LIMIT 1 FOR UPDATE NOWAIT
