-- Called by `Backlog::blocked`, once per batch, with the keys as a JSON array of origins and partition keys. Uses the partial index
-- event_backlog_key, a seek per key.
SELECT EXISTS (SELECT 1 FROM event_backlog b
               WHERE b.blocks AND b.consumer = ?1 AND b.partition_key = json_extract(k.value, '$[1]')
                 AND b.origin = json_extract(k.value, '$[0]'))
FROM json_each(?2) k ORDER BY k.key
