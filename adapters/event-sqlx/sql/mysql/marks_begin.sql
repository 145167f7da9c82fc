-- Called by `Marks::mark` when a stream has no row yet: makes one without a sequence, to be locked. Of two processes that
-- begin the same stream one waits here for the other, and then finds the row. Uses the primary key.
INSERT INTO event_inbox_mark (consumer, source, slot, digest)
SELECT n.consumer, n.source, n.slot, UNHEX(SHA2(n.source, 256)) FROM (SELECT ? AS consumer, ? AS source, ? AS slot) n
ON DUPLICATE KEY UPDATE sequence = sequence
