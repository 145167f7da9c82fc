-- Called by `event_sqlx::migrate`, once: what consumers need to apply once over gaps, restores and replays.

-- Up to this sequence events of the stream may have been taken under another epoch of its source: each is looked up.
ALTER TABLE event_inbox_mark ADD COLUMN overlap TEXT;
-- The first eight bytes of the MD5 of the ids of the last events, those behind `recent_after`.
ALTER TABLE event_inbox_mark ADD COLUMN recent BLOB;
ALTER TABLE event_inbox_mark ADD COLUMN recent_after TEXT;

-- Which events were taken, for as long as consumers keep that: what a mark can't say once the producer's database was restored.
CREATE TABLE event_inbox_history (
  consumer TEXT    NOT NULL,
  source   TEXT    NOT NULL,
  slot     INTEGER NOT NULL,
  upto     TEXT    NOT NULL, -- the events behind `after` and up to this sequence
  after    TEXT    NOT NULL,
  taken_at INTEGER NOT NULL,
  ids      BLOB    NOT NULL, -- the first eight bytes of the MD5 of each one's id
  PRIMARY KEY (consumer, source, slot, upto)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_inbox_history_age ON event_inbox_history (consumer, taken_at);

-- Streams on which events are missing, for as long as their mark is before `previous`.
CREATE TABLE event_inbox_gap (
  consumer TEXT    NOT NULL,
  source   TEXT    NOT NULL,
  slot     INTEGER NOT NULL,
  after    TEXT    NOT NULL, -- the mark
  previous TEXT    NOT NULL, -- what is missing is behind the mark and up to here
  sequence TEXT    NOT NULL, -- the event that waits
  event_id TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  seen_at  INTEGER NOT NULL,
  PRIMARY KEY (consumer, source, slot)
) STRICT, WITHOUT ROWID;
CREATE VIEW event_gap AS
SELECT g.* FROM event_inbox_gap g
WHERE NOT EXISTS (SELECT 1 FROM event_inbox_mark m
                  WHERE m.consumer = g.consumer AND m.source = g.source AND m.slot = g.slot AND m.sequence >= g.previous);

-- The source without its epoch.
ALTER TABLE event_backlog ADD COLUMN origin TEXT GENERATED ALWAYS AS (
  CASE WHEN length(rtrim(source, '0123456789')) < length(source)
        AND substr(rtrim(source, '0123456789'), -7) IN ('?epoch=', '&epoch=')
       THEN substr(source, 1, length(rtrim(source, '0123456789')) - 7) ELSE source END) VIRTUAL;
ALTER TABLE event_backlog ADD COLUMN class TEXT CHECK (class IN ('transient', 'permanent', 'schema', 'malformed'));
ALTER TABLE event_backlog ADD COLUMN replay TEXT; -- who asked for one more try, until it was made
DROP INDEX event_backlog_key;
CREATE INDEX event_backlog_key ON event_backlog (consumer, partition_key, origin, id) WHERE blocks;

-- What people, and consumers by themselves, decided about events.
ALTER TABLE event_audit RENAME TO event_audit_before;
CREATE TABLE event_audit (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  action    TEXT    NOT NULL CHECK (action IN ('discarded', 'replayed', 'skipped', 'rebuilt', 'epoch_begun')),
  consumer  TEXT    NOT NULL,
  event_id  TEXT,
  reason    TEXT    NOT NULL,
  body      BLOB    NOT NULL,
  errors    TEXT    NOT NULL,
  letter    INTEGER,
  actor     TEXT
) STRICT;
INSERT INTO event_audit (id, at, action, consumer, event_id, reason, body, errors)
SELECT id, at, action, consumer, event_id, reason, body, errors FROM event_audit_before;
DROP TABLE event_audit_before;
CREATE INDEX event_audit_letter ON event_audit (letter) WHERE letter IS NOT NULL;

DROP VIEW event_dead_letter;
CREATE VIEW event_dead_letter AS
SELECT id, consumer, source, event_id, event_type, event_version, partition_key, attempts, class,
       json_extract(errors, '$[0]') AS error, errors,
       strftime('%Y-%m-%dT%H:%M:%fZ', since / 1000000.0, 'unixepoch') AS since, CAST(body AS TEXT) AS body
FROM event_backlog
WHERE place = 'dead_letter';

-- Up to this position retention has dropped events of the slot.
CREATE TABLE event_outbox_floor (
  slot     INTEGER PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT;
