-- Called by `enqueue_all`, in the caller's transaction: all rows in one statement, in their order, from one JSON document.
-- Locks as enqueue.sql.
INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
SELECT e.id, e.aggregatetype, e.aggregateid, e.type, e.version, e.occurred_at, e.payload, e.headers
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  place         FOR ORDINALITY,
  id            VARCHAR(255) CHARACTER SET utf8mb4 PATH '$[0]' ERROR ON ERROR,
  aggregatetype VARCHAR(255) CHARACTER SET utf8mb4 PATH '$[1]' ERROR ON ERROR,
  aggregateid   TEXT         CHARACTER SET utf8mb4 PATH '$[2]' ERROR ON ERROR,
  type          VARCHAR(255) CHARACTER SET utf8mb4 PATH '$[3]' ERROR ON ERROR,
  version       INT                                PATH '$[4]' ERROR ON ERROR,
  occurred_at   BIGINT                             PATH '$[5]' ERROR ON ERROR,
  payload       LONGTEXT     CHARACTER SET utf8mb4 PATH '$[6]' ERROR ON ERROR,
  headers       LONGTEXT     CHARACTER SET utf8mb4 PATH '$[7]' ERROR ON ERROR)) e
ORDER BY e.place
