-- Called by `status`, which gets one JSON document. Reads small tables, and event_backlog by its index.
SELECT json_object(
  'database', 'sqlite',
  'schema', NULL,
  'outbox', (SELECT json_object('name', '/outbox/' || i.id || '?epoch=' || i.epoch, 'epoch', i.epoch, 'kept_since', NULL)
             FROM event_outbox_identity i),
  'migrations', (SELECT json_group_array(json_object('version', m.version, 'name', m.name)) FROM event_migration m),
  'sinks', (SELECT json_group_array(json_object('sink', s.sink, 'filter', s.filter,
      'registered_at', strftime('%Y-%m-%dT%H:%M:%fZ', s.registered_at / 1000000.0, 'unixepoch'),
      'parked', (SELECT count(*) FROM event_parked p WHERE p.sink = s.sink),
      'free_slots', (SELECT count(*) FROM event_relay_slot r WHERE r.sink = s.sink
                       AND (r.owner IS NULL OR r.leased_until <= unixepoch('subsec') * 1000000)),
      'relays', (SELECT json_group_array(json_object('owner', l.owner,
          'seen_until', strftime('%Y-%m-%dT%H:%M:%fZ', l.seen_until / 1000000.0, 'unixepoch'),
          'slots', (SELECT count(*) FROM event_relay_slot r WHERE r.sink = s.sink AND r.owner = l.owner
                      AND r.leased_until > unixepoch('subsec') * 1000000),
          'leased_until', (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', min(r.leased_until) / 1000000.0, 'unixepoch')
                      FROM event_relay_slot r WHERE r.sink = s.sink AND r.owner = l.owner
                      AND r.leased_until > unixepoch('subsec') * 1000000)))
        FROM event_relay l WHERE l.sink = s.sink AND l.seen_until > unixepoch('subsec') * 1000000))) FROM event_sink s),
  'partitions', NULL,
  'log', json_object('position', coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event_outbox'), 0),
                     'until', NULL, 'count', 0),
  'consumers', (SELECT json_group_array(json_object('consumer', n.consumer,
      'retry', (SELECT count(*) FROM event_backlog b WHERE b.consumer = n.consumer AND b.place = 'retry'),
      'held', (SELECT count(*) FROM event_backlog b WHERE b.consumer = n.consumer AND b.place = 'held'),
      'awaiting_deploy', (SELECT count(*) FROM event_backlog b WHERE b.consumer = n.consumer AND b.place = 'awaiting_deploy'),
      'dead_letter', (SELECT count(*) FROM event_backlog b WHERE b.consumer = n.consumer AND b.place = 'dead_letter')))
    FROM (SELECT consumer FROM event_inbox_mark UNION SELECT consumer FROM event_backlog) n)
)
