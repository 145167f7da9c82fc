-- Called by `Outbox::lease`: takes what is free, renews what is ours; ?5 are owners whose process is gone.
-- Uses the primary key (sink, slot). SQLite has one writer.
UPDATE event_relay_slot
SET fence = fence + (owner IS NOT ?2), owner = ?2, leased_until = ?4
WHERE sink = ?1
  AND (owner IS NULL OR owner = ?2 OR leased_until <= ?3 OR owner IN (SELECT value FROM json_each(?5)))
RETURNING slot, position, sent, fence
