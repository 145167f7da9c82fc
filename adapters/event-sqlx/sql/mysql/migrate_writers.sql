-- Called by `migrate` and `Outbox::survey`: how this server lets others write. Named locks are a server's own, so nothing
-- orders the commits of several. A name that the server doesn't know is absent. Reads only.
SELECT LOWER(variable_name) AS name, variable_value AS value
FROM /*M! information_schema.global_variables */ /*!80000 performance_schema.global_variables */
WHERE variable_name IN ('wsrep_on', 'wsrep_provider', 'group_replication_group_name', 'group_replication_single_primary_mode')
