-- Called by `Restart::forget_source`: the letters of a consumer that came from a source, under any epoch. Reads the backlog of the
-- consumer by event_backlog_place; waits for who is at work on one of them.
DELETE FROM event_backlog WHERE consumer = $1 AND origin = $2
