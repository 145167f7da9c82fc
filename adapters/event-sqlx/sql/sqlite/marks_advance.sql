-- Called by `Marks::advance`, for each stream of a batch whose events follow each other. Uses the primary key. ?9 is how many bytes of
-- ids stay with a mark.
UPDATE event_inbox_mark
SET recent = CASE WHEN ?1 = x'' THEN x'' ELSE CAST(coalesce(recent, x'') || ?1 AS BLOB) END,
    recent_after = CASE WHEN ?1 = x'' THEN ?2 ELSE coalesce(recent_after, sequence) END,
    sequence = ?2, event_id = ?3
WHERE consumer = ?4 AND source = ?5 AND slot = ?6 AND sequence >= ?7 AND sequence < ?8
  AND (overlap IS NULL OR overlap < ?8) AND (recent IS NULL OR length(recent) < ?9)
