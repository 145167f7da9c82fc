-- Called by `migrate` and `Outbox::survey`: how this server lets others write, and what sessions of this pool are like. Named
-- locks are a server's own, so nothing orders the commits of several. A name that the server doesn't know is absent. Reads only.
SELECT LOWER(variable_name) AS name, variable_value AS value
FROM /*M! information_schema.global_variables */ /*!80000 performance_schema.global_variables */
WHERE variable_name IN ('wsrep_on', 'wsrep_provider', 'group_replication_group_name', 'group_replication_single_primary_mode', 'log_bin')
UNION ALL SELECT 'binlog_format', @@binlog_format
UNION ALL SELECT 'autocommit', @@autocommit
UNION ALL SELECT 'transaction_isolation', /*M! @@tx_isolation */ /*!80000 @@transaction_isolation */
