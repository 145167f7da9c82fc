-- Called by `doctor`: what is inserted while a trigger is off or missing gets no place in the log. Reads the catalog.
SELECT format('the trigger `%s` of `%s` is %s: what is inserted gets no place in the log', t.tgname, c.relname,
              CASE t.tgenabled WHEN 'D' THEN 'off' ELSE 'on for replicas alone' END),
       format('ALTER TABLE %s ENABLE TRIGGER %I;', t.tgrelid::regclass, t.tgname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'event_outbox_stamp' AND t.tgenabled IN ('D', 'R')
  AND (t.tgrelid = 'event_outbox'::regclass OR t.tgrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'event_outbox'::regclass))
UNION ALL
SELECT 'the trigger `event_outbox_stamp` of `event_outbox` is missing: what is inserted gets no place in the log',
       format('CREATE CONSTRAINT TRIGGER event_outbox_stamp AFTER INSERT ON event_outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (pg_catalog.set_config(%1$L, (coalesce(nullif(pg_catalog.current_setting(%1$L, true), '''')::bigint, 0) | (1::bigint << NEW.slot))::text, true) IS NOT NULL) EXECUTE FUNCTION event_outbox_stamp();',
              'event_outbox.slots_' || to_hex(event_outbox_book()))
WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = 'event_outbox'::regclass AND t.tgname = 'event_outbox_stamp')
