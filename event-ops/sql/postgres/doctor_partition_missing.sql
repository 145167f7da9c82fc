-- Called by `doctor`: partitions are made 30 days ahead, by relays; it alarms from 7 on. Reads the catalog.
SELECT CASE WHEN until > now() THEN format('partitions of `event_outbox` end in %s days; relays make them 30 days ahead, so none has run for long, or it may not',
                                            floor(extract(epoch FROM until - now()) / 86400))
            ELSE 'there is no partition of `event_outbox` for what is written now; rows go to the default partition' END,
       'SELECT event_outbox_partitions();'
FROM (SELECT coalesce(max(upper::timestamptz), '-infinity') AS until FROM event_partition WHERE parent = 'event_outbox') p
WHERE until < now() + interval '7 days'
UNION ALL
SELECT format('partitions of `event_outbox_log` end at position %s, and the last position is %s', until, last_value),
       'SELECT event_outbox_partitions();'
FROM (SELECT coalesce(max(upper::bigint), 0) AS until FROM event_partition WHERE parent = 'event_outbox_log') p, event_outbox_position
WHERE until < last_value + 2000000
