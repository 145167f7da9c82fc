-- Called by `Origin::tend` for retention, before a batch is deleted, a JSON array of positions: whoever reads again must know.
INSERT INTO event_outbox_floor (slot, position)
SELECT slot, max(position) FROM event_outbox WHERE position IN (SELECT value FROM json_each(?1)) GROUP BY slot
ON CONFLICT (slot) DO UPDATE SET position = max(position, excluded.position)
