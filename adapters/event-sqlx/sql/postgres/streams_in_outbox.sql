-- Called by `Streams::in_outbox`: what is between two positions of a slot, if $4 is what this outbox is called without its epoch. Uses
-- the primary key of event_outbox_log, and that of event_outbox for each row. Reads only.
SELECT (SELECT count(*) FROM event_outbox_log g
        WHERE g.slot = $1 AND g.position > $2 AND g.position <= $3
          AND EXISTS (SELECT 1 FROM event_outbox o WHERE o.at = g.at AND o.id = g.id))
FROM event_outbox_identity i WHERE '/outbox/' || i.id = $4
