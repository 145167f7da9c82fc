-- Called by `doctor`: what is inserted while a trigger is off or missing gets no place in the log. Reads the catalog.
SELECT format('the trigger `%s` of `%s` is %s: what is inserted gets no place in the log', t.tgname, c.relname,
              CASE t.tgenabled WHEN 'D' THEN 'off' ELSE 'on for replicas alone' END),
       format('ALTER TABLE %s ENABLE TRIGGER %I;', t.tgrelid::regclass, t.tgname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname IN ('event_outbox_collect', 'event_outbox_stamp') AND t.tgenabled IN ('D', 'R')
  AND (t.tgrelid = 'event_outbox'::regclass OR t.tgrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'event_outbox'::regclass))
UNION ALL
SELECT format('the trigger `%s` of `event_outbox` is missing: what is inserted gets no place in the log', w.name), w.mend
FROM (VALUES
  ('event_outbox_collect', 'CREATE TRIGGER event_outbox_collect AFTER INSERT ON event_outbox REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION event_outbox_collect();'),
  ('event_outbox_stamp', 'CREATE CONSTRAINT TRIGGER event_outbox_stamp AFTER INSERT ON event_outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION event_outbox_stamp();')
) w (name, mend)
WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = 'event_outbox'::regclass AND t.tgname = w.name)
