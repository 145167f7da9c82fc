-- Called by `Origin::tend` for retention: the partitions of the log, the oldest first. Reads only.
SELECT p.name FROM event_partition p
WHERE p.parent = 'event_outbox_log' AND p.upper IS NOT NULL ORDER BY p.upper::bigint
