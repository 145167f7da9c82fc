-- Called by `doctor`: events without a place in the log that are older than five minutes: relays look for them every second.
-- Reads the newest 100,000 events, or all if ? says so, by the primary key of event_outbox and by event_outbox_log_number.
SELECT CONCAT(IF(u.events = 1, '1 event has', CONCAT(u.events, ' events have')),
              ' no place in the log, so no relay sees them: they were committed by a raw COMMIT, and no relay has swept since, or was restarted too late'),
       CONCAT('CALL event_outbox_commit((SELECT JSON_ARRAYAGG(u.id) FROM (SELECT o.id FROM event_outbox o LEFT JOIN event_outbox_log l ON l.number = o.number WHERE l.number IS NULL AND o.number BETWEEN ',
              u.first, ' AND ', u.last, ' ORDER BY o.number LIMIT 1000) u));', IF(u.events > 1000, ' -- again, until the finding is gone', ''))
FROM (
  SELECT COUNT(*) AS events, MIN(o.number) AS first, MAX(o.number) AS last
  FROM (SELECT COALESCE(MAX(n.number), 0) AS number FROM event_outbox n) newest
  JOIN event_outbox o ON o.number > IF(?, -1, newest.number - 100000)
  LEFT JOIN event_outbox_log l ON l.number = o.number
  WHERE l.number IS NULL AND o.at < TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) - 300000000) u
WHERE u.events > 0
