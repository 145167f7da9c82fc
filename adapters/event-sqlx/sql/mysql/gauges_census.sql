-- Called by `Gauges::census`, every 15 seconds. Reads at most so many letters by event_backlog_place, and the consumer's gaps;
-- locks nothing.
SELECT b.place AS what, b.class, COUNT(*) AS events, MIN(b.since) AS since,
       COUNT(DISTINCT CASE WHEN b.place = 'held' THEN CONCAT(b.origin, '\n', b.partition_key) END) AS held_keys,
       COUNT(CASE WHEN b.place = 'retry' AND b.due_at <= ? THEN 1 END) AS due,
       MIN(CASE WHEN b.place = 'retry' THEN b.due_at END) AS first_due
FROM (SELECT place, class, since, due_at, origin, partition_key FROM event_backlog WHERE consumer = ? LIMIT ?) b
GROUP BY b.place, b.class
UNION ALL
SELECT 'gap', NULL, COUNT(*), MIN(g.since), 0, 0, NULL FROM event_gap g WHERE g.consumer = ?
