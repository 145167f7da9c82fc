-- Called by `Letters::behind` with ids as a JSON array. Uses the primary key and event_backlog_key. Reads only.
SELECT (SELECT count(*) FROM event_backlog h
        WHERE h.blocks AND h.place = 'held' AND h.consumer = b.consumer AND h.partition_key = b.partition_key
          AND h.origin = b.origin AND h.id > b.id)
FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY k (id, place)
LEFT JOIN event_backlog b ON b.id = k.id::bigint AND b.blocks ORDER BY k.place
