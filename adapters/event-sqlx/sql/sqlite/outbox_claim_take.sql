-- Called by `Outbox::claim`: renews what is ours and takes slots under the fences that were seen, a JSON array of
-- [slot, fence]. Uses the primary key (sink, slot). SQLite has one writer.
UPDATE event_relay_slot
SET fence = fence + (owner IS NOT ?2), owner = ?2, leased_until = ?3
WHERE sink = ?1
  AND (owner = ?2 OR (slot, fence) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?4)))
RETURNING slot, position, sent, fence
