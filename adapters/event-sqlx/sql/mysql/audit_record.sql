-- Called by `Audit::record`.
INSERT INTO event_audit (at, action, consumer, event_id, reason, body, errors, letter, actor)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
