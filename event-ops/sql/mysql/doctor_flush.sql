-- Called by `doctor`: whether a commit outlives a crash of the machine. Reads a setting.
SELECT CONCAT('`innodb_flush_log_at_trx_commit` is ', @@GLOBAL.innodb_flush_log_at_trx_commit,
              ': a crash of the machine takes back the commits of the last second, whose events may have been sent'),
       'SET GLOBAL innodb_flush_log_at_trx_commit = 1; -- and in its configuration'
FROM (SELECT 1) one
WHERE @@GLOBAL.innodb_flush_log_at_trx_commit <> 1
