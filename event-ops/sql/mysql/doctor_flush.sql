-- Called by `doctor`: whether a commit outlives a crash of the machine. Reads a setting.
SELECT CONCAT('`innodb_flush_log_at_trx_commit` is ', @@GLOBAL.innodb_flush_log_at_trx_commit,
              ': a crash takes back the last commits, whose events may have been sent, and later ones get their places: consumers take those for repeats'),
       'SET GLOBAL innodb_flush_log_at_trx_commit = 1; -- and in its configuration; after a crash without it: UPDATE event_outbox_identity SET made = 0'
FROM (SELECT 1) one
WHERE @@GLOBAL.innodb_flush_log_at_trx_commit <> 1
