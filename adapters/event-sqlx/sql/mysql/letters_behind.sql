-- Called by `Letters::behind` with ids as a JSON array. Uses the primary key and event_backlog_key. Reads only.
SELECT (SELECT COUNT(*) FROM event_backlog h
        WHERE h.blocks AND h.place = 'held' AND h.consumer = b.consumer AND h.partition_key = b.partition_key
          AND h.origin = b.origin AND h.id > b.id) AS behind
FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id BIGINT PATH '$')) k
LEFT JOIN event_backlog b ON b.id = k.id AND b.blocks ORDER BY k.place
