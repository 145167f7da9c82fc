-- Called by `Marks::advance`, for each stream of a batch whose events follow each other. Uses the primary key. Locks the row, if it
-- moves it, until the batch is committed: another process that takes the same stream waits, and then sees where this one has
-- come to.
UPDATE event_inbox_mark m
JOIN (SELECT ? AS ids, ? AS sequence, ? AS event_id, ? AS consumer, ? AS source, ? AS slot, ? AS previous, ? AS first,
             ? AS room) w
  ON m.consumer = w.consumer AND m.digest = UNHEX(SHA2(w.source, 256)) AND m.slot = w.slot
SET m.recent = IF(w.ids = '', '', CONCAT(COALESCE(m.recent, ''), w.ids)),
    m.recent_after = IF(w.ids = '', w.sequence, COALESCE(m.recent_after, m.sequence)),
    m.sequence = w.sequence, m.event_id = w.event_id
WHERE m.sequence >= w.previous AND m.sequence < w.first AND (m.overlap IS NULL OR m.overlap < w.first)
  AND (m.recent IS NULL OR OCTET_LENGTH(m.recent) < w.room)
