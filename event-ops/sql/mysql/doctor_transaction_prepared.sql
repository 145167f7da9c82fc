-- Called by `doctor`: a prepared transaction that nobody has finished for ? seconds keeps its rows locked, and its events unseen. Reads
-- information_schema.innodb_trx, for which an account needs PROCESS.
SELECT CONCAT(IF(COUNT(*) = 1, '1 prepared transaction waits', CONCAT(COUNT(*), ' prepared transactions wait')), ' since ',
              DATE_FORMAT(MIN(t.trx_started), '%Y-%m-%d %H:%i'), ' for whoever coordinates it: what it locked stays locked, and its events are not sent'),
       'XA RECOVER; -- names them; then XA COMMIT or XA ROLLBACK of each, as its coordinator decides'
FROM information_schema.innodb_trx t
WHERE t.trx_mysql_thread_id = 0 AND t.trx_rows_modified > 0 AND t.trx_started <= NOW() - INTERVAL ? SECOND
HAVING COUNT(*) > 0
