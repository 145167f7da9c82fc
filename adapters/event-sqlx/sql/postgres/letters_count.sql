-- Called by `Letters::count` with a selection as a JSON object. Reads the whole backlog, and nothing but it.
SELECT count(*)
FROM event_backlog b, jsonb_to_record($1::jsonb) AS s (consumer text, place text, class text, event_type text, key text, error text,
                                                     since bigint, before bigint)
WHERE (s.consumer IS NULL OR b.consumer = s.consumer)
  AND (s.place IS NULL OR b.place = s.place)
  AND (s.class IS NULL OR b.class = s.class)
  AND (s.event_type IS NULL OR b.event_type = s.event_type)
  AND (s.key IS NULL OR b.partition_key = s.key OR substr(b.partition_key, strpos(b.partition_key, '/') + 1) = s.key)
  AND (s.error IS NULL OR EXISTS (SELECT 1 FROM jsonb_array_elements_text(b.errors) e (error) WHERE strpos(e.error, s.error) > 0))
  AND (s.since IS NULL OR b.since >= 'epoch'::timestamptz + s.since * interval '1 microsecond')
  AND (s.before IS NULL OR b.since < 'epoch'::timestamptz + s.before * interval '1 microsecond')
