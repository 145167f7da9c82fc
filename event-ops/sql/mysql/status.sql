-- Called by `status`, which gets one JSON document. Reads small tables, one end of event_outbox_log, and event_backlog by its
-- index. MariaDB takes what a subquery answers for text, hence JSON_EXTRACT.
SELECT CAST(JSON_OBJECT(
  'database', IF(VERSION() LIKE '%MariaDB%', 'mariadb', 'mysql'),
  'schema', DATABASE(),
  'outbox', JSON_EXTRACT((SELECT JSON_OBJECT('name', CONCAT('/outbox/', i.id, '?epoch=', i.epoch), 'epoch', i.epoch, 'kept_since', NULL)
             FROM event_outbox_identity i), '$'),
  'migrations', JSON_EXTRACT((SELECT JSON_ARRAYAGG(JSON_OBJECT('version', m.version, 'name', m.name)) FROM event_migration m), '$'),
  'sinks', JSON_EXTRACT(COALESCE((SELECT JSON_ARRAYAGG(JSON_OBJECT('sink', s.sink, 'filter', s.filter,
      'registered_at', CONCAT(DATE_FORMAT(TIMESTAMPADD(MICROSECOND, s.registered_at, '1970-01-01'), '%Y-%m-%dT%H:%i:%s.%f'), 'Z'),
      'parked', 0 + (SELECT COUNT(*) FROM event_parked p WHERE p.sink = s.sink),
      'free_slots', 0 + (SELECT COUNT(*) FROM event_relay_slot r WHERE r.sink = s.sink
                       AND (r.owner IS NULL OR r.leased_until <= TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)))),
      'relays', JSON_EXTRACT(COALESCE((SELECT JSON_ARRAYAGG(JSON_OBJECT('owner', l.owner,
          'seen_until', CONCAT(DATE_FORMAT(TIMESTAMPADD(MICROSECOND, l.seen_until, '1970-01-01'), '%Y-%m-%dT%H:%i:%s.%f'), 'Z'),
          'slots', 0 + (SELECT COUNT(*) FROM event_relay_slot r WHERE r.sink = l.sink AND r.owner = l.owner
                      AND r.leased_until > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))),
          'leased_until', (SELECT CONCAT(DATE_FORMAT(TIMESTAMPADD(MICROSECOND, MIN(r.leased_until), '1970-01-01'), '%Y-%m-%dT%H:%i:%s.%f'), 'Z')
                      FROM event_relay_slot r WHERE r.sink = l.sink AND r.owner = l.owner
                      AND r.leased_until > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)))))
        FROM event_relay l
        WHERE l.sink = s.sink AND l.seen_until > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))), '[]'), '$')))
    FROM event_sink s), '[]'), '$'),
  'partitions', NULL,
  'log', JSON_OBJECT('position', COALESCE((SELECT MAX(position) FROM event_outbox_log), 0), 'until', NULL, 'count', 0,
                     'swept', 0 + (SELECT found FROM event_outbox_sweep)),
  'consumers', JSON_EXTRACT(COALESCE((SELECT JSON_ARRAYAGG(JSON_OBJECT('consumer', c.consumer, 'retry', c.retry, 'held', c.held,
      'awaiting_deploy', c.awaiting, 'dead_letter', c.dead))
    FROM (SELECT n.consumer, COUNT(CASE b.place WHEN 'retry' THEN 1 END) AS retry, COUNT(CASE b.place WHEN 'held' THEN 1 END) AS held,
                 COUNT(CASE b.place WHEN 'awaiting_deploy' THEN 1 END) AS awaiting,
                 COUNT(CASE b.place WHEN 'dead_letter' THEN 1 END) AS dead
          FROM (SELECT consumer FROM event_inbox_mark UNION SELECT consumer FROM event_backlog) n
          LEFT JOIN event_backlog b ON b.consumer = n.consumer GROUP BY n.consumer) c), '[]'), '$')
) AS CHAR)
