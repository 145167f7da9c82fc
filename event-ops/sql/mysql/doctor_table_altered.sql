-- Called by `doctor`: tables of another engine take nothing back, and texts of another collation are equal where their bytes are
-- not. Reads the catalog.
SELECT CONCAT('the table `', t.table_name, '` is of the engine `', t.engine, '`: what it holds is not part of a transaction'),
       CONCAT('ALTER TABLE ', t.table_name, ' ENGINE = InnoDB;')
FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND t.engine <> 'InnoDB'
  AND t.table_name IN ('event_outbox', 'event_outbox_log', 'event_outbox_sweep', 'event_outbox_identity', 'event_sink', 'event_relay',
    'event_relay_slot', 'event_parked', 'event_inbox_mark', 'event_inbox', 'event_inbox_history', 'event_inbox_gap',
    'event_backlog', 'event_audit', 'event_outbox_floor')
UNION ALL
SELECT CONCAT('the column `', MIN(c.column_name), '` of `', c.table_name, '` has the collation `', MIN(c.collation_name),
              '`: texts that differ can be the same key'),
       CONCAT('ALTER TABLE ', c.table_name, ' CONVERT TO CHARACTER SET utf8mb4 COLLATE ',
              /*M! 'utf8mb4_nopad_bin' */ /*!80000 'utf8mb4_0900_bin' */, '; -- while no writer runs')
FROM information_schema.columns c
WHERE c.table_schema = DATABASE() AND c.collation_name NOT IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')
  -- MariaDB tells by a collation that a text is JSON.
  AND c.data_type <> 'longtext'
  AND c.table_name IN ('event_outbox', 'event_sink', 'event_relay', 'event_relay_slot', 'event_parked', 'event_inbox_mark',
    'event_inbox', 'event_inbox_history', 'event_inbox_gap', 'event_backlog', 'event_audit')
GROUP BY c.table_name
