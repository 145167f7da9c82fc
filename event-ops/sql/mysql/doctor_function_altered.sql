-- Called by `doctor` with the migrations of this release: the procedures that give events their places, as they should be.
-- Whoever may not see what a procedure does finds only that it is there. Reads the catalog.
SELECT CONCAT('the procedure `', e.name, '` is ', IF(r.routine_name IS NULL, 'missing', 'another than this release made'), ': ',
              IF(r.routine_name IS NULL, e.effect, 'what it does is not known')),
       CONCAT('event-ops migrate --print mysql | mariadb ', DATABASE(), ' # makes it again, and leaves the tables as they are')
FROM (SELECT 'event_outbox_commit' AS name, 'every commit with an event fails' AS effect
      UNION ALL SELECT 'event_outbox_insert', 'every call of `enqueue_all` fails'
      UNION ALL SELECT 'event_outbox_unlock', 'every commit with an event fails'
      UNION ALL SELECT 'event_outbox_made', 'a database that was restored can''t be told from the one that was dumped') e
LEFT JOIN information_schema.routines r ON r.routine_schema = DATABASE() AND r.routine_name = e.name AND r.routine_type = 'PROCEDURE'
WHERE r.routine_name IS NULL OR r.security_type <> 'INVOKER'
   OR INSTR(REGEXP_REPLACE(?, '/[*]M!|/[*]!80000|[*]/|utf8mb4_nopad_bin|utf8mb4_0900_bin|[[:space:]]', ''),
            CONCAT('SQLSECURITYINVOKER', REGEXP_REPLACE(r.routine_definition, '/[*]M!|/[*]!80000|[*]/|utf8mb4_nopad_bin|utf8mb4_0900_bin|[[:space:]]', ''), '$$')) = 0
