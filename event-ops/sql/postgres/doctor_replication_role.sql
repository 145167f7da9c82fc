-- Called by `doctor`: under `session_replication_role = replica` our triggers don't run. Reads the catalog.
SELECT format('`session_replication_role` is `%s` for %s: what its sessions insert gets no place in the log', split_part(c.setting, '=', 2),
              CASE WHEN s.setrole = 0 THEN 'the database `' || d.datname || '`'
                   WHEN s.setdatabase = 0 THEN 'the role `' || pg_get_userbyid(s.setrole) || '`'
                   ELSE 'the role `' || pg_get_userbyid(s.setrole) || '` in the database `' || d.datname || '`' END),
       CASE WHEN s.setrole = 0 THEN format('ALTER DATABASE %I RESET session_replication_role;', d.datname)
            WHEN s.setdatabase = 0 THEN format('ALTER ROLE %I RESET session_replication_role;', pg_get_userbyid(s.setrole))
            ELSE format('ALTER ROLE %I IN DATABASE %I RESET session_replication_role;', pg_get_userbyid(s.setrole), d.datname) END
FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) c (setting) LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE c.setting LIKE 'session\_replication\_role=%' AND c.setting <> 'session_replication_role=origin'
  AND (s.setdatabase = 0 OR d.datname = current_database())
