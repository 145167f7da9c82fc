-- Called by `Backlog::blocked`, once per batch, with the keys as a JSON array of origins and partition keys. Uses the partial index
-- event_backlog_key, a seek per key. Locks nothing: letters of a stream are added under the lock of its mark.
SELECT EXISTS (SELECT 1 FROM event_backlog b
               WHERE b.blocks AND b.consumer = $1 AND b.partition_key = k.pair ->> 1 AND b.origin = k.pair ->> 0)
FROM json_array_elements($2::json) WITH ORDINALITY k (pair, place) ORDER BY k.place
