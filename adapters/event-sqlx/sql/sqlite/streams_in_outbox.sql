-- Called by `Streams::in_outbox`: what is between two positions of a slot, if ?4 is what this outbox is called without its epoch. Uses
-- event_outbox_slot.
SELECT (SELECT count(*) FROM event_outbox o WHERE o.slot = ?1 AND o.position > ?2 AND o.position <= ?3)
FROM event_outbox_identity i WHERE '/outbox/' || i.id = ?4
