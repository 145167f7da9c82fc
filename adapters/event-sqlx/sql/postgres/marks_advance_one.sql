-- Called by `Marks::advance` for a batch of one stream, which is planned once and for all. Uses the primary key. Locks the row, if
-- it moves it, until the batch is committed: another process that takes the same stream waits, and then sees where this one has
-- come to. $9 is how many bytes of ids stay with a mark.
UPDATE event_inbox_mark
SET sequence = $2, event_id = $3,
    recent = CASE WHEN $1::bytea = '' THEN '' ELSE coalesce(recent, '') || $1::bytea END,
    recent_after = CASE WHEN $1::bytea = '' THEN $2 ELSE coalesce(recent_after, sequence) END
WHERE consumer = $4 AND source = $5 AND slot = $6::bigint::smallint
  AND sequence COLLATE "C" >= $7 AND sequence COLLATE "C" < $8
  AND (overlap IS NULL OR overlap COLLATE "C" < $8) AND (recent IS NULL OR octet_length(recent) < $9)
