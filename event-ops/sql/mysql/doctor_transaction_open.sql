-- Called by `doctor`: a transaction of a session that has done nothing for ? seconds. Its events are not sent, and what others
-- delete can't be cleared away. Reads information_schema.innodb_trx, for which an account needs PROCESS.
SELECT CONCAT('the session ', p.id, ' of `', p.user, '` has had a transaction open since ', DATE_FORMAT(t.trx_started, '%Y-%m-%d %H:%i'),
              ' and does nothing: its events are not sent, and old rows can''t be cleared away'),
       CONCAT('KILL ', p.id, ';')
FROM information_schema.innodb_trx t STRAIGHT_JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
WHERE p.command = 'Sleep' AND p.time >= ?
ORDER BY t.trx_started
