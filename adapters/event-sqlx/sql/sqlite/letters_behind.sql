-- Called by `Letters::behind` with ids as a JSON array. Uses the primary key and event_backlog_key. Reads only.
SELECT (SELECT count(*) FROM event_backlog h
        WHERE h.blocks AND h.place = 'held' AND h.consumer = b.consumer AND h.partition_key = b.partition_key
          AND h.origin = b.origin AND h.id > b.id)
FROM json_each(?1) k LEFT JOIN event_backlog b ON b.id = k.value AND b.blocks ORDER BY k.key
