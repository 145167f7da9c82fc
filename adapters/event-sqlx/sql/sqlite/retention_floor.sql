-- Called by `Origin::tend` for retention, before a batch is deleted, with a JSON array of [slot, position]: whoever reads again must
-- know. Uses the primary key.
INSERT INTO event_outbox_floor (slot, position)
SELECT json_extract(g.value, '$[0]'), json_extract(g.value, '$[1]') FROM json_each(?1) g WHERE true
ON CONFLICT (slot) DO UPDATE SET position = max(position, excluded.position)
