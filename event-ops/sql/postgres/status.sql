-- Called by `status`, which gets one JSON document. Reads small tables, the catalogs, and event_backlog by its index.
SELECT jsonb_build_object(
  'database', 'postgres',
  'schema', event_outbox_schema(),
  'outbox', (SELECT jsonb_build_object('name', '/outbox/' || i.id || '?epoch=' || i.epoch, 'epoch', i.epoch,
               'kept_since', nullif(i.kept_since, '-infinity')) FROM event_outbox_identity i),
  'migrations', (SELECT jsonb_agg(jsonb_build_object('version', m.version, 'name', m.name) ORDER BY m.version)
                 FROM event_migration m),
  'sinks', (SELECT coalesce(jsonb_agg(jsonb_build_object('sink', s.sink, 'filter', s.filter, 'registered_at', s.registered_at,
      'parked', (SELECT count(*) FROM event_parked p WHERE p.sink = s.sink),
      'free_slots', (SELECT count(*) FROM event_relay_slot r WHERE r.sink = s.sink
                       AND (r.owner IS NULL OR r.leased_until <= clock_timestamp())),
      'relays', (SELECT coalesce(jsonb_agg(jsonb_build_object('owner', l.owner, 'seen_until', l.seen_until,
          'slots', (SELECT count(*) FROM event_relay_slot r WHERE r.sink = s.sink AND r.owner = l.owner
                      AND r.leased_until > clock_timestamp()),
          'leased_until', (SELECT min(r.leased_until) FROM event_relay_slot r WHERE r.sink = s.sink AND r.owner = l.owner
                      AND r.leased_until > clock_timestamp())) ORDER BY l.owner), '[]')
        FROM event_relay l WHERE l.sink = s.sink AND l.seen_until > clock_timestamp())) ORDER BY s.sink), '[]')
    FROM event_sink s),
  'partitions', (SELECT jsonb_build_object('first', min(p.lower::timestamptz), 'until', max(p.upper::timestamptz),
      'count', count(*), 'days_ahead', floor(extract(epoch FROM max(p.upper::timestamptz) - now()) / 86400)::bigint)
    FROM event_partition p WHERE p.parent = 'event_outbox' AND p.upper IS NOT NULL),
  'log', (SELECT jsonb_build_object('position', (SELECT last_value FROM event_outbox_position),
      'until', max(p.upper::bigint), 'count', count(*))
    FROM event_partition p WHERE p.parent = 'event_outbox_log' AND p.upper IS NOT NULL),
  'consumers', (SELECT coalesce(jsonb_agg(jsonb_build_object('consumer', c.consumer, 'retry', c.retry, 'held', c.held,
      'awaiting_deploy', c.awaiting, 'dead_letter', c.dead) ORDER BY c.consumer), '[]')
    FROM (SELECT n.consumer, count(b.place) FILTER (WHERE b.place = 'retry') AS retry,
                 count(b.place) FILTER (WHERE b.place = 'held') AS held,
                 count(b.place) FILTER (WHERE b.place = 'awaiting_deploy') AS awaiting,
                 count(b.place) FILTER (WHERE b.place = 'dead_letter') AS dead
          FROM (SELECT consumer FROM event_inbox_mark UNION SELECT consumer FROM event_backlog) n
          LEFT JOIN event_backlog b ON b.consumer = n.consumer GROUP BY n.consumer) c)
)::text
