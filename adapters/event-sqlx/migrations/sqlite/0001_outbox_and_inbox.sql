-- Called by `event_sqlx::migrate`, once. Every table of ours begins with `event_`.

-- The outbox. SQLite has one writer at a time, so positions grow in the order of commits; they are never used again.
CREATE TABLE event_outbox (
  position      INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT    NOT NULL UNIQUE,
  slot          INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 63),
  aggregatetype TEXT    NOT NULL,
  aggregateid   TEXT,
  type          TEXT    NOT NULL,
  version       INTEGER NOT NULL CHECK (version BETWEEN 1 AND 2147483647),
  occurred_at   INTEGER NOT NULL, -- microseconds since 1970-01-01T00:00:00Z, as every time here
  payload       TEXT    NOT NULL,
  headers       TEXT    NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX event_outbox_slot ON event_outbox (slot, position);

-- What this outbox is called on the wire: `/outbox/<id>?epoch=<epoch>`, unless the store is given another name.
CREATE TABLE event_outbox_identity (
  singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
  id        TEXT    NOT NULL,
  epoch     INTEGER NOT NULL
) STRICT;
INSERT INTO event_outbox_identity (singleton, id, epoch) VALUES (1, lower(hex(randomblob(16))), 1);

-- How far each sink has come in each slot, and who sends it.
CREATE TABLE event_relay_slot (
  sink         TEXT    NOT NULL,
  slot         INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 63),
  position     INTEGER NOT NULL DEFAULT 0, -- sent or parked up to here
  sent         INTEGER NOT NULL DEFAULT 0, -- the last one that was sent
  fence        INTEGER NOT NULL DEFAULT 0,
  owner        TEXT,
  leased_until INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sink, slot)
) STRICT, WITHOUT ROWID;

-- What a transport refused for good, with the later events of its key.
CREATE TABLE event_parked (
  sink          TEXT    NOT NULL,
  position      INTEGER NOT NULL,
  event_id      TEXT    NOT NULL,
  partition_key TEXT    NOT NULL,
  errors        TEXT    NOT NULL,
  parked_at     INTEGER NOT NULL,
  PRIMARY KEY (sink, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_parked_key ON event_parked (sink, partition_key);

-- How far each consumer has come on each stream. Never expires.
CREATE TABLE event_inbox_mark (
  consumer TEXT    NOT NULL,
  source   TEXT    NOT NULL,
  slot     INTEGER NOT NULL,
  sequence TEXT    NOT NULL, -- 20 digits, as on the wire
  event_id TEXT    NOT NULL,
  PRIMARY KEY (consumer, source, slot)
) STRICT, WITHOUT ROWID;

-- Events that were taken by their id, because their producer gives them no place on a stream.
CREATE TABLE event_inbox (
  consumer TEXT    NOT NULL,
  source   TEXT    NOT NULL,
  event_id TEXT    NOT NULL,
  taken_at INTEGER NOT NULL,
  PRIMARY KEY (consumer, source, event_id)
) STRICT, WITHOUT ROWID;

-- What a consumer has taken but not applied: each event is in exactly one place.
CREATE TABLE event_backlog (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  consumer      TEXT    NOT NULL,
  place         TEXT    NOT NULL CHECK (place IN ('retry', 'held', 'awaiting_deploy', 'dead_letter')),
  body          BLOB    NOT NULL, -- the message as it came
  source        TEXT,
  event_id      TEXT,
  event_type    TEXT,
  event_version INTEGER,
  partition_key TEXT,
  blocks        INTEGER NOT NULL, -- whether later events of the key wait for this one
  attempts      INTEGER NOT NULL,
  due_at        INTEGER,
  errors        TEXT    NOT NULL, -- the error and its causes, a JSON array
  since         INTEGER NOT NULL
) STRICT;
CREATE INDEX event_backlog_place ON event_backlog (consumer, place, due_at);
CREATE INDEX event_backlog_key ON event_backlog (consumer, partition_key, source, id) WHERE blocks;

-- What was taken out of a backlog without being applied.
CREATE TABLE event_audit (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  action    TEXT    NOT NULL CHECK (action IN ('discarded')),
  consumer  TEXT    NOT NULL,
  event_id  TEXT,
  reason    TEXT    NOT NULL,
  body      BLOB    NOT NULL,
  errors    TEXT    NOT NULL
) STRICT;

-- For people: what waits for somebody's decision.
CREATE VIEW event_dead_letter AS
SELECT id, consumer, source, event_id, event_type, event_version, partition_key, attempts,
       json_extract(errors, '$[0]') AS error, errors,
       strftime('%Y-%m-%dT%H:%M:%fZ', since / 1000000.0, 'unixepoch') AS since, CAST(body AS TEXT) AS body
FROM event_backlog
WHERE place = 'dead_letter';
