-- Called by `Streams::own_sources`. Reads the marks of a consumer by the primary key.
SELECT DISTINCT m.source FROM event_inbox_mark m JOIN event_outbox_identity i
  ON m.source = '/outbox/' || i.id OR substr(m.source, 1, length(i.id) + 15) = '/outbox/' || i.id || '?epoch='
WHERE m.consumer = ?1 ORDER BY 1
