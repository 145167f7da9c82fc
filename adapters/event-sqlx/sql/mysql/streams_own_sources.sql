-- Called by `Streams::own_sources`. Reads the marks of a consumer by the primary key.
SELECT DISTINCT m.source FROM event_inbox_mark m JOIN event_outbox_identity i
  ON m.source = CONCAT('/outbox/', i.id) OR LOCATE(CONCAT('/outbox/', i.id, '?epoch='), m.source) = 1
WHERE m.consumer = ? ORDER BY 1
