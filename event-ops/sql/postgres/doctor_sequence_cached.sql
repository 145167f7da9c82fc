-- Called by `doctor`: a session that keeps positions for later uses them after greater ones. Reads the catalog.
SELECT format('the sequence of positions has `CACHE %s`: sessions use positions after greater ones, which relays have passed', s.seqcache),
       format('ALTER SEQUENCE %s CACHE 1; -- then let every writer connect anew', s.seqrelid::regclass)
FROM pg_sequence s WHERE s.seqrelid = 'event_outbox_position'::regclass AND s.seqcache > 1
