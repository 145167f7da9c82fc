-- Called by `Origin::tend` for retention: the partitions that are wholly older than $1 seconds, the oldest first, and what
-- holds each, as event_outbox_held finds it. Reads only; the clock is the database's unless $2 is another. The planner may
-- look at bounds before it knows whose they are, and those of the log are no times: hence the CASE.
SELECT p.name, event_outbox_held(p.upper::timestamptz)
FROM event_partition p
WHERE CASE p.parent WHEN 'event_outbox' THEN p.upper::timestamptz END <= coalesce($2, now()) - $1 * interval '1 second'
ORDER BY p.upper::timestamptz
