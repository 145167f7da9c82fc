-- Called by `event_sqlx::migrate`, and printed by `event-ops migrate --print mysql`: what consumers need to apply once over gaps,
-- restores and replays. Can be run again where it broke off.

-- Whoever has one of our tables in an open transaction is waited for that long, and whoever comes meanwhile waits as well.
SET lock_wait_timeout = 10;

-- Changes a table unless it has the column already: neither server can say so alike.
DROP PROCEDURE IF EXISTS event_migrate_0002;
DELIMITER $$
CREATE PROCEDURE event_migrate_0002()
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  -- Up to this sequence events of the stream may have been taken under another epoch of its source: each is looked up. The first
  -- eight bytes of the MD5 of the ids of the last events, those behind `recent_after`.
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
                 AND table_name = 'event_inbox_mark' AND column_name = 'overlap') THEN
    ALTER TABLE event_inbox_mark
      ADD COLUMN overlap      VARCHAR(20),
      ADD COLUMN recent       MEDIUMBLOB,
      ADD COLUMN recent_after VARCHAR(20);
  END IF;
  -- The source without its epoch; what kind of failure it was; who asked for one more try, until it was made.
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
                 AND table_name = 'event_backlog' AND column_name = 'origin') THEN
    ALTER TABLE event_backlog
      ADD COLUMN origin TEXT GENERATED ALWAYS AS (REGEXP_REPLACE(source, '[?&]epoch=[0-9]+$', '')) VIRTUAL,
      ADD COLUMN class  VARCHAR(16) CHECK (class IN ('transient', 'permanent', 'schema', 'malformed')),
      ADD COLUMN replay TEXT;
  END IF;
  -- What people, and consumers by themselves, decided about events.
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
                 AND table_name = 'event_audit' AND column_name = 'letter') THEN
    ALTER TABLE event_audit
      MODIFY COLUMN action VARCHAR(16) NOT NULL /*!80000 , DROP CHECK event_audit_chk_1 */,
      ADD COLUMN letter BIGINT,
      ADD COLUMN actor  TEXT,
      ADD KEY event_audit_letter (letter);
  END IF;
END$$
DELIMITER ;
CALL event_migrate_0002();
DROP PROCEDURE event_migrate_0002;

-- Which events were taken, for as long as consumers keep that: what a mark can't say once the producer's database was restored.
CREATE TABLE IF NOT EXISTS event_inbox_history (
  consumer VARCHAR(255) NOT NULL,
  digest   BINARY(32)   NOT NULL, -- SHA-256 of the source
  slot     TINYINT      NOT NULL,
  upto     VARCHAR(20)  NOT NULL, -- the events behind `after` and up to this sequence
  after    VARCHAR(20)  NOT NULL,
  taken_at BIGINT       NOT NULL,
  ids      MEDIUMBLOB   NOT NULL, -- the first eight bytes of the MD5 of each one's id
  PRIMARY KEY (consumer, digest, slot, upto),
  KEY event_inbox_history_age (consumer, taken_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- Streams on which events are missing, for as long as their mark is before `previous`.
CREATE TABLE IF NOT EXISTS event_inbox_gap (
  consumer VARCHAR(255) NOT NULL,
  digest   BINARY(32)   NOT NULL, -- SHA-256 of the source
  slot     TINYINT      NOT NULL,
  source   TEXT         NOT NULL,
  after    VARCHAR(20)  NOT NULL, -- the mark
  previous VARCHAR(20)  NOT NULL, -- what is missing is behind the mark and up to here
  sequence VARCHAR(20)  NOT NULL, -- the event that waits
  event_id TEXT         NOT NULL,
  since    BIGINT       NOT NULL,
  seen_at  BIGINT       NOT NULL,
  PRIMARY KEY (consumer, digest, slot)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;
CREATE OR REPLACE SQL SECURITY INVOKER VIEW event_gap AS
SELECT g.consumer, g.source, g.slot, g.after, g.previous, g.sequence, g.event_id, g.since, g.seen_at
FROM event_inbox_gap g
WHERE NOT EXISTS (SELECT 1 FROM event_inbox_mark m
                  WHERE m.consumer = g.consumer AND m.digest = g.digest AND m.slot = g.slot AND m.sequence >= g.previous);

CREATE OR REPLACE SQL SECURITY INVOKER VIEW event_dead_letter AS
SELECT id, consumer, source, event_id, event_type, event_version, partition_key, attempts, class,
       JSON_UNQUOTE(JSON_EXTRACT(errors, '$[0]')) AS error, errors,
       TIMESTAMPADD(MICROSECOND, since, '1970-01-01') AS since, CONVERT(body USING utf8mb4) AS body
FROM event_backlog
WHERE place = 'dead_letter';

-- Up to this position retention has dropped events of the slot.
CREATE TABLE IF NOT EXISTS event_outbox_floor (
  slot     TINYINT NOT NULL PRIMARY KEY,
  position BIGINT  NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO event_outbox_floor (slot, position)
WITH RECURSIVE slots AS (SELECT 0 AS slot UNION ALL SELECT slot + 1 FROM slots WHERE slot < 63) SELECT slot, 0 FROM slots;

SET lock_wait_timeout = DEFAULT;
