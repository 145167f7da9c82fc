-- Called by `doctor` with the lags of the sinks, a JSON array: a sink that nobody sends to. Reads small tables.
SELECT CONCAT('no relay runs for the sink `', s.sink, '`, and its oldest unsent event is of ',
              REPLACE(LEFT(s.oldest, 16), 'T', ' '), ' UTC; retention keeps all events for it'),
       CONCAT('event-ops sink remove ', IF(s.sink RLIKE '^[A-Za-z0-9._-]+$', s.sink, CONCAT('''', REPLACE(s.sink, '''', CONCAT('''', CHAR(92 USING utf8mb4), '''''')), '''')),
              ' # or start its relay')
FROM JSON_TABLE(?, '$[*]' COLUMNS (
    sink VARCHAR(255) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.sink',
    oldest VARCHAR(64) PATH '$.oldest', age BIGINT PATH '$.age_seconds')) s
WHERE s.age > 3600
  AND NOT EXISTS (SELECT 1 FROM event_relay l
                  WHERE l.sink = s.sink AND l.seen_until > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)))
ORDER BY s.sink
