-- Called by `event_sqlx::migrate`, once, and printed by `event-ops migrate --print postgres`: what consumers need to apply once over
-- gaps, restores and replays.

ALTER TABLE event_inbox_mark
  -- Up to this sequence events of the stream may have been taken under another epoch of its source: each is looked up.
  ADD COLUMN overlap      text,
  -- The first eight bytes of the MD5 of the ids of the last events, those behind `recent_after`.
  ADD COLUMN recent       bytea,
  ADD COLUMN recent_after text;

-- Which events were taken, for as long as consumers keep that: what a mark can't say once the producer's database was restored.
CREATE TABLE event_inbox_history (
  consumer text        NOT NULL,
  source   text        NOT NULL,
  slot     smallint    NOT NULL,
  upto     text        NOT NULL, -- the events behind `after` and up to this sequence
  after    text        NOT NULL,
  taken_at timestamptz NOT NULL,
  ids      bytea       NOT NULL, -- the first eight bytes of the MD5 of each one's id
  PRIMARY KEY (consumer, source, slot, upto)
);
CREATE INDEX event_inbox_history_age ON event_inbox_history (consumer, taken_at);

-- Streams on which events are missing, for as long as their mark is before `previous`.
CREATE TABLE event_inbox_gap (
  consumer text        NOT NULL,
  source   text        NOT NULL,
  slot     smallint    NOT NULL,
  after    text        NOT NULL, -- the mark
  previous text        NOT NULL, -- what is missing is behind the mark and up to here
  sequence text        NOT NULL, -- the event that waits
  event_id text        NOT NULL,
  since    timestamptz NOT NULL,
  seen_at  timestamptz NOT NULL,
  PRIMARY KEY (consumer, source, slot)
);
CREATE VIEW event_gap AS
SELECT g.* FROM event_inbox_gap g
WHERE NOT EXISTS (SELECT 1 FROM event_inbox_mark m
                  WHERE m.consumer = g.consumer AND m.source = g.source AND m.slot = g.slot AND m.sequence >= g.previous);

ALTER TABLE event_backlog
  ADD COLUMN origin text GENERATED ALWAYS AS (regexp_replace(source, '[?&]epoch=[0-9]+$', '')) STORED, -- the source without its epoch
  ADD COLUMN class  text CHECK (class IN ('transient', 'permanent', 'schema', 'malformed')),
  ADD COLUMN replay text; -- who asked for one more try, until it was made
DROP INDEX event_backlog_key;
CREATE INDEX event_backlog_key ON event_backlog (consumer, partition_key, origin, id) WHERE blocks;

-- What people, and consumers by themselves, decided about events.
ALTER TABLE event_audit
  DROP CONSTRAINT event_audit_action_check,
  ADD CONSTRAINT event_audit_action_check
    CHECK (action IN ('discarded', 'replayed', 'skipped', 'rebuilt', 'epoch_begun')),
  ADD COLUMN letter bigint,
  ADD COLUMN actor  text;
CREATE INDEX event_audit_letter ON event_audit (letter) WHERE letter IS NOT NULL;

DROP VIEW event_dead_letter;
CREATE VIEW event_dead_letter AS
SELECT id, consumer, source, event_id, event_type, event_version, partition_key, attempts, class,
       errors ->> 0 AS error, errors, since, event_text(body) AS body
FROM event_backlog
WHERE place = 'dead_letter';
