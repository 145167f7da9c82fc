-- Called by `Backlog::is_blocked`, once per event. Uses the partial index event_backlog_key. Locks nothing: letters of a
-- stream are added under the lock of its mark.
SELECT EXISTS (SELECT 1 FROM event_backlog WHERE blocks AND consumer = $1 AND partition_key = $3 AND source = $2)
