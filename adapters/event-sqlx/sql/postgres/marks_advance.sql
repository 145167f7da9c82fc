-- Called by `Marks::advance`, once per batch, with a row for each stream whose events follow each other. Uses the primary key, a seek
-- per row. Locks the rows that it moves until the batch is committed: another process that takes the same stream waits, and then
-- sees where this one has come to. What was taken is written down with them.
WITH wanted AS (
  SELECT * FROM unnest($2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
    WITH ORDINALITY w (source, slot, previous, first, sequence, event_id, ids, place)
), moved AS (
  UPDATE event_inbox_mark m SET sequence = w.sequence, event_id = w.event_id
  FROM wanted w
  WHERE m.consumer = $1 AND m.source = w.source AND m.slot = w.slot
    AND m.sequence COLLATE "C" >= w.previous AND m.sequence COLLATE "C" < w.first
    AND (m.overlap IS NULL OR m.overlap COLLATE "C" < w.first)
  RETURNING w.place, w.source, w.slot, w.previous, w.sequence, w.ids
), kept AS (
  INSERT INTO event_inbox_history (consumer, source, slot, upto, after, taken_at, ids)
  SELECT $1, source, slot, sequence, previous, $9, ids FROM moved WHERE octet_length(ids) > 0
  ON CONFLICT (consumer, source, slot, upto) DO UPDATE
  SET after = excluded.after, taken_at = excluded.taken_at, ids = excluded.ids
)
SELECT place FROM moved
