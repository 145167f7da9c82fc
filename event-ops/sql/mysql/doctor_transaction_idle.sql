-- Called by `doctor`: a session that does nothing and has the named lock of a slot, since its commit was killed. Sees the
-- sessions of other accounts if its own has PROCESS.
SELECT CONCAT('the session ', p.id, ' is idle and holds ', IF(COUNT(*) = 1, CONCAT('slot ', MIN(s.slot)), CONCAT(COUNT(*), ' slots')),
              ': events of ', IF(COUNT(*) = 1, 'this slot', 'these slots'), ' wait at commit'),
       CONCAT('KILL ', p.id, ';')
FROM (WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 63)
      SELECT slot, IS_USED_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.', slot)) AS session FROM slots) s
JOIN information_schema.processlist p ON p.id = s.session
WHERE p.command = 'Sleep'
GROUP BY p.id ORDER BY p.id
