-- Called by `Gauges::census`, every 15 seconds. Reads at most so many letters by event_backlog_place, and the consumer's gaps;
-- locks nothing.
SELECT b.place AS what, b.class, count(*) AS events, min(b.since) AS since,
       count(DISTINCT (b.origin, b.partition_key)) FILTER (WHERE b.place = 'held') AS held_keys,
       count(*) FILTER (WHERE b.place = 'retry' AND b.due_at <= $1) AS due,
       min(b.due_at) FILTER (WHERE b.place = 'retry') AS first_due
FROM (SELECT place, class, since, due_at, origin, partition_key FROM event_backlog WHERE consumer = $2 LIMIT $3) b
GROUP BY b.place, b.class
UNION ALL
SELECT 'gap', NULL, count(*), min(g.since), 0, 0, NULL FROM event_gap g WHERE g.consumer = $4
