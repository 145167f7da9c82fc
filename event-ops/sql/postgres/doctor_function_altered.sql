-- Called by `doctor`: the function that stamps runs with its owner's rights, so that writers need none but INSERT. Reads the
-- catalog.
SELECT 'the function `event_outbox_stamp` runs with the rights of whoever writes, who may not write to the log',
       'ALTER FUNCTION event_outbox_stamp() SECURITY DEFINER;'
FROM pg_proc p WHERE p.oid = 'event_outbox_stamp()'::regprocedure AND NOT p.prosecdef
UNION ALL
SELECT format('the owner of the function `event_outbox_stamp`, `%s`, may not write to the log: every commit with an event fails',
              pg_get_userbyid(p.proowner)),
       format('ALTER FUNCTION event_outbox_stamp() OWNER TO %I;', pg_get_userbyid(c.relowner))
FROM pg_proc p, pg_class c
WHERE p.oid = 'event_outbox_stamp()'::regprocedure AND c.oid = 'event_outbox_log'::regclass
  AND NOT (has_table_privilege(p.proowner, c.oid, 'INSERT')
           AND has_sequence_privilege(p.proowner, 'event_outbox_position'::regclass, 'USAGE'))
