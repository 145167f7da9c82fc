-- Called by `Letters::ended` with ids as a JSON array. Uses event_audit_letter. Reads only.
SELECT a.letter, a.action FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) k
STRAIGHT_JOIN event_audit a ON a.letter = k.id AND a.action IN ('replayed', 'discarded')
