-- Called by `Letters::ended` with ids as a JSON array. Uses event_audit_letter. Reads only.
SELECT a.letter, a.action FROM event_audit a
WHERE a.letter IN (SELECT i::bigint FROM jsonb_array_elements_text($1::jsonb) i) AND a.action IN ('replayed', 'discarded')
