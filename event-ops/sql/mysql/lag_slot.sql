-- Called by `lag` and `doctor` for each cursor: at most so many rows behind it, and when the first of them came. Neither
-- MariaDB nor MySQL seeks from a cursor that is a column of another table, so each is bound. One seek in the primary key of
-- event_outbox_log, and one in that of event_outbox; locks nothing.
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM event_outbox_log l WHERE l.slot = ? AND l.position > ? LIMIT ?) c) AS events,
       (SELECT o.at FROM event_outbox_log l STRAIGHT_JOIN event_outbox o ON o.number = l.number
        WHERE l.slot = ? AND l.position > ? ORDER BY l.position LIMIT 1) AS oldest,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS now
