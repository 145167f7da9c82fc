-- Called by `Marks::advance`, once per batch, with a row for each stream whose events follow each other. Uses the primary key, a seek
-- per row. Locks the rows that it moves until the batch is committed: another process that takes the same stream waits, and then
-- sees where this one has come to. $8 is how many bytes of ids stay with a mark.
UPDATE event_inbox_mark m
SET sequence = w.sequence, event_id = w.event_id,
    recent = CASE WHEN w.ids = '' THEN '' ELSE coalesce(m.recent, '') || w.ids END,
    recent_after = CASE WHEN w.ids = '' THEN w.sequence ELSE coalesce(m.recent_after, m.sequence) END
FROM unnest($2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $9::bytea[])
  WITH ORDINALITY w (source, slot, previous, first, sequence, event_id, ids, place)
WHERE m.consumer = $1 AND m.source = w.source AND m.slot = w.slot
  AND m.sequence COLLATE "C" >= w.previous AND m.sequence COLLATE "C" < w.first
  AND (m.overlap IS NULL OR m.overlap COLLATE "C" < w.first) AND (m.recent IS NULL OR octet_length(m.recent) < $8)
RETURNING w.place
