-- Called by `Backlog::blocked`, once per batch, with the keys as a JSON array of origins and partition keys. Uses event_backlog_key,
-- a seek per key. Reads only.
SELECT EXISTS (SELECT 1 FROM event_backlog b FORCE INDEX (event_backlog_key)
               WHERE b.consumer = ? AND b.partition_key = k.partition_key AND b.origin = k.origin AND b.blocks) AS blocked
FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY,
                                   origin TEXT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$[0]',
                                   partition_key TEXT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$[1]')) k
ORDER BY k.place
