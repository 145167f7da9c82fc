-- Called by `Streams::in_outbox`: what is between two positions of a slot, if the last parameter is what this outbox is called without
-- its epoch. Uses the primary keys of event_outbox_log and event_outbox. Reads only.
SELECT (SELECT COUNT(*) FROM event_outbox_log l STRAIGHT_JOIN event_outbox o FORCE INDEX (PRIMARY) ON o.number = l.number
        WHERE l.slot = ? AND l.position > ? AND l.position <= ?) AS events
FROM event_outbox_identity i WHERE CONCAT('/outbox/', i.id) = ?
