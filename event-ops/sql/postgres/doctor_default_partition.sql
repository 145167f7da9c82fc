-- Called by `doctor`: rows that found no partition. Counts at most 1000 rows of each default partition.
SELECT format('%s in `event_outbox_default`: the partition was missing when they came, and retention waits for them',
              CASE n WHEN 1 THEN '1 row is' WHEN 1000 THEN '1000 or more rows are' ELSE n || ' rows are' END),
       'SELECT event_outbox_adopt();'
FROM (SELECT count(*) AS n FROM (SELECT 1 FROM event_outbox_default LIMIT 1000) d) d WHERE n > 0
UNION ALL
SELECT format('%s in `event_outbox_log_default`: the partition was missing when they came',
              CASE n WHEN 1 THEN '1 row is' WHEN 1000 THEN '1000 or more rows are' ELSE n || ' rows are' END),
       'SELECT event_outbox_adopt();'
FROM (SELECT count(*) AS n FROM (SELECT 1 FROM event_outbox_log_default LIMIT 1000) d) d WHERE n > 0
