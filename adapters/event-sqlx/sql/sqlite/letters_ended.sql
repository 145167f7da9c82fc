-- Called by `Letters::ended` with ids as a JSON array. Uses event_audit_letter. Reads only.
SELECT a.letter, a.action FROM event_audit a
WHERE a.letter IN (SELECT value FROM json_each(?1)) AND a.action IN ('replayed', 'discarded')
