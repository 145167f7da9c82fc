-- Called by `Audit::record`.
INSERT INTO event_audit (at, action, consumer, event_id, reason, body, errors, letter, actor)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
