-- Called by `Outbox::read` with the cursors as a JSON array of [slot, position]. Uses event_outbox_slot: one seek and at
-- most ?3 rows per slot. Reads only.
SELECT o.slot, o.position, o.id, o.type, o.version, o.aggregatetype, o.aggregateid, o.occurred_at, o.payload, o.headers,
       EXISTS (SELECT 1 FROM event_parked p
               WHERE p.sink = ?1 AND p.partition_key = o.aggregatetype || '/' || coalesce(o.aggregateid, o.id)
                 AND p.position <= o.position) AS key_is_parked
FROM json_each(?2) c
JOIN event_outbox o ON o.position IN (
  SELECT i.position FROM event_outbox i
  WHERE i.slot = json_extract(c.value, '$[0]') AND i.position > json_extract(c.value, '$[1]')
  ORDER BY i.position LIMIT ?3)
ORDER BY o.position
