-- Called by `Letters::count` with a selection as a JSON object. Reads the whole backlog, and nothing but it.
SELECT COUNT(*)
FROM JSON_TABLE(?, '$' COLUMNS (
         consumer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.consumer',
         place VARCHAR(16) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.place',
         class VARCHAR(16) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.class',
         event_type TEXT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.event_type',
         wanted_key TEXT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.key',
         error TEXT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$.error',
         since BIGINT PATH '$.since', before_then BIGINT PATH '$.before')) s
STRAIGHT_JOIN event_backlog b FORCE INDEX (PRIMARY)
WHERE (s.consumer IS NULL OR b.consumer = s.consumer)
  AND (s.place IS NULL OR b.place = s.place)
  AND (s.class IS NULL OR b.class = s.class)
  AND (s.event_type IS NULL OR b.event_type = s.event_type)
  AND (s.wanted_key IS NULL OR b.partition_key = s.wanted_key
       OR SUBSTR(b.partition_key, LOCATE('/', b.partition_key) + 1) = s.wanted_key)
  AND (s.error IS NULL OR EXISTS (
         SELECT 1 FROM JSON_TABLE(b.errors, '$[*]' COLUMNS (
           error TEXT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$')) e
         WHERE LOCATE(s.error, e.error) > 0))
  AND (s.since IS NULL OR b.since >= s.since)
  AND (s.before_then IS NULL OR b.since < s.before_then)
