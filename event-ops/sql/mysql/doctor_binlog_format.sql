-- Called by `doctor`: a replica that runs the statements again draws other positions. Reads settings.
SELECT '`binlog_format` is `STATEMENT`: a replica gives events other places than this server did, and READ COMMITTED can''t write at all',
       'SET GLOBAL binlog_format = ''ROW''; -- and in its configuration; then let every writer connect anew'
FROM (SELECT 1) one
WHERE @@GLOBAL.log_bin = 1 AND @@GLOBAL.binlog_format = 'STATEMENT'
