-- Called by `doctor`: the named locks that order commits are one server's own. Reads settings; a name that the server doesn't
-- know is absent.
SELECT 'this server is part of a Galera cluster, where every node takes writes: no lock orders the commits of two nodes, so relays pass over events',
       'event-ops migrate # in a database outside of the cluster; writers and relays move there'
FROM /*M! information_schema.global_variables */ /*!80000 performance_schema.global_variables */ v
JOIN /*M! information_schema.global_variables */ /*!80000 performance_schema.global_variables */ p ON p.variable_name = 'wsrep_provider'
WHERE v.variable_name = 'wsrep_on' AND v.variable_value = 'ON' AND p.variable_value NOT IN ('', 'none')
UNION ALL
SELECT 'group replication takes writes on several servers: no lock orders the commits of two servers, so relays pass over events',
       'SELECT group_replication_switch_to_single_primary_mode();'
FROM /*M! information_schema.global_variables */ /*!80000 performance_schema.global_variables */ v
JOIN /*M! information_schema.global_variables */ /*!80000 performance_schema.global_variables */ g ON g.variable_name = 'group_replication_group_name'
WHERE v.variable_name = 'group_replication_single_primary_mode' AND v.variable_value = 'OFF' AND g.variable_value <> ''
