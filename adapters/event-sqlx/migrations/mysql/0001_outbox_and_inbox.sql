-- Called by `event_sqlx::migrate`, once, and printed by `event-ops migrate --print mysql`. It runs on MariaDB and on MySQL;
-- what stands in /*M! */ only MariaDB reads, and what stands in /*!80000 */ only MySQL. Neither takes back a statement that
-- makes a table, so each can be run again. Every name of ours begins with `event_`. Texts are compared byte by byte, spaces at
-- the end as well.

-- The outbox: insert-only. Times are microseconds since 1970-01-01T00:00:00Z, here and in all our tables: `at` is when the row
-- came, `occurred_at` is what the event says. Writers in any language insert here, the slot follows from what they insert,
-- and end their transaction by `CALL event_outbox_commit('["<id>", …]')` in place of COMMIT.
CREATE TABLE IF NOT EXISTS event_outbox (
  number        BIGINT       NOT NULL AUTO_INCREMENT, -- grows with the inserts, and says nothing about commits
  id            VARCHAR(255) NOT NULL CHECK (id <> ''),
  slot          TINYINT      AS (CAST(CONV(LEFT(MD5(CONCAT(aggregatetype, '/', COALESCE(aggregateid, id))), 8), 16, 10) AS UNSIGNED) % 64) STORED,
  aggregatetype VARCHAR(255) NOT NULL CHECK (aggregatetype <> ''),
  aggregateid   TEXT                  CHECK (aggregateid <> ''),
  type          VARCHAR(255) NOT NULL CHECK (type <> ''),
  version       INT          NOT NULL DEFAULT 1 CHECK (version >= 1),
  occurred_at   BIGINT       NOT NULL DEFAULT (TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))),
  at            BIGINT       NOT NULL DEFAULT (TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))),
  payload       LONGTEXT     NOT NULL,
  headers       LONGTEXT     NOT NULL DEFAULT ('{}') CHECK (JSON_VALID(headers) = 1),
  PRIMARY KEY (number),
  UNIQUE KEY event_outbox_id (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- The order of commits within each slot: insert-only, written as the last of a transaction under the named lock of the
-- slot, read by cursor.
CREATE TABLE IF NOT EXISTS event_outbox_log (
  slot     TINYINT NOT NULL,
  position BIGINT  NOT NULL AUTO_INCREMENT,
  number   BIGINT  NOT NULL,
  PRIMARY KEY (slot, position),
  UNIQUE KEY event_outbox_log_position (position),
  UNIQUE KEY event_outbox_log_number (number)
) ENGINE = InnoDB;

-- How far relays have looked for events that were committed without a place in the log. `holes` are the numbers below
-- `swept` that nobody has seen yet, a JSON array of [first, last, since]: their transactions are open, or were rolled back.
CREATE TABLE IF NOT EXISTS event_outbox_sweep (
  singleton BOOLEAN  NOT NULL DEFAULT TRUE CHECK (singleton = TRUE),
  swept     BIGINT   NOT NULL DEFAULT 0,
  holes     LONGTEXT NOT NULL,
  found     BIGINT   NOT NULL DEFAULT 0, -- how many events there were in all
  PRIMARY KEY (singleton)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
INSERT INTO event_outbox_sweep (holes) SELECT '[]' FROM (SELECT 1) o WHERE NOT EXISTS (SELECT 1 FROM event_outbox_sweep);

-- Does nothing. When it was made tells a database that was restored from a dump from the one that was dumped; optimising or
-- altering tables doesn't touch it, and no later migration may make it again.
DELIMITER $$
CREATE PROCEDURE IF NOT EXISTS event_outbox_made()
NO SQL SQL SECURITY INVOKER
DO 0$$
DELIMITER ;

-- What this outbox is called on the wire: `/outbox/<id>?epoch=<epoch>`, unless the store is given another name. On another
-- server, or where `event_outbox_made` was made at another time than `made` says, the database was restored or failed over:
-- a new epoch begins. After a copy of the data folder was restored say so: UPDATE event_outbox_identity SET made = 0.
CREATE TABLE IF NOT EXISTS event_outbox_identity (
  singleton BOOLEAN     NOT NULL DEFAULT TRUE CHECK (singleton = TRUE),
  id        VARCHAR(64) NOT NULL,
  epoch     BIGINT      NOT NULL DEFAULT 1,
  server    VARCHAR(64) NOT NULL,
  made      BIGINT      NOT NULL,
  PRIMARY KEY (singleton)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
INSERT INTO event_outbox_identity (id, server, made)
SELECT REPLACE(UUID(), '-', ''), /*M! @@server_id */ /*!80000 @@server_uuid */, UNIX_TIMESTAMP(r.created)
FROM information_schema.routines r
WHERE r.routine_schema = DATABASE() AND r.routine_name = 'event_outbox_made'
  AND NOT EXISTS (SELECT 1 FROM event_outbox_identity);

-- The registered sinks. Retention waits for each of them.
CREATE TABLE IF NOT EXISTS event_sink (
  sink          VARCHAR(255) NOT NULL,
  filter        TEXT         NOT NULL, -- the event types that it takes: `*`, or patterns such as `order.*,invoice.issued`
  registered_at BIGINT       NOT NULL,
  PRIMARY KEY (sink)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- The relays of each sink, by their last sign of life: they share its slots.
CREATE TABLE IF NOT EXISTS event_relay (
  sink       VARCHAR(255) NOT NULL,
  owner      VARCHAR(255) NOT NULL,
  seen_until BIGINT       NOT NULL,
  PRIMARY KEY (sink, owner)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- How far each sink has come in each slot, and who sends it.
CREATE TABLE IF NOT EXISTS event_relay_slot (
  sink         VARCHAR(255) NOT NULL,
  slot         TINYINT      NOT NULL CHECK (slot BETWEEN 0 AND 63),
  position     BIGINT       NOT NULL DEFAULT 0, -- sent or parked up to here
  sent         BIGINT       NOT NULL DEFAULT 0, -- the last one that was sent
  fence        BIGINT       NOT NULL DEFAULT 0,
  owner        VARCHAR(255),
  leased_until BIGINT       NOT NULL DEFAULT 0,
  PRIMARY KEY (sink, slot)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- What a transport refused for good, with the later events of its key.
CREATE TABLE IF NOT EXISTS event_parked (
  sink          VARCHAR(255) NOT NULL,
  position      BIGINT       NOT NULL,
  event_id      VARCHAR(255) NOT NULL,
  partition_key TEXT         NOT NULL,
  errors        LONGTEXT     NOT NULL,
  parked_at     BIGINT       NOT NULL,
  PRIMARY KEY (sink, position),
  KEY event_parked_key (sink, partition_key(255))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- How far each consumer has come on each stream. Never expires. A row without a sequence is a stream that begins. The digest
-- stands for the source, which is too long for a key.
CREATE TABLE IF NOT EXISTS event_inbox_mark (
  consumer VARCHAR(255) NOT NULL,
  digest   BINARY(32)   NOT NULL, -- SHA-256 of the source
  slot     TINYINT      NOT NULL,
  source   TEXT         NOT NULL,
  sequence VARCHAR(20), -- 20 digits, as on the wire
  event_id TEXT,
  PRIMARY KEY (consumer, digest, slot)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- Events that were taken by their id, because their producer gives them no place on a stream. The digest stands for source
-- and id, which are too long for a key.
CREATE TABLE IF NOT EXISTS event_inbox (
  consumer VARCHAR(255) NOT NULL,
  digest   BINARY(32)   NOT NULL, -- SHA-256 of the length of the source in characters, `:`, the source, the id
  source   TEXT         NOT NULL,
  event_id TEXT         NOT NULL,
  taken_at BIGINT       NOT NULL,
  PRIMARY KEY (consumer, digest)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- What a consumer has taken but not applied: each event is in exactly one place.
CREATE TABLE IF NOT EXISTS event_backlog (
  id            BIGINT       NOT NULL AUTO_INCREMENT,
  consumer      VARCHAR(255) NOT NULL,
  place         VARCHAR(16)  NOT NULL CHECK (place IN ('retry', 'held', 'awaiting_deploy', 'dead_letter')),
  body          LONGBLOB     NOT NULL, -- the message as it came
  source        TEXT,
  event_id      TEXT,
  event_type    TEXT,
  event_version BIGINT,
  partition_key TEXT,
  blocks        BOOLEAN      NOT NULL, -- whether later events of the key wait for this one
  attempts      BIGINT       NOT NULL,
  due_at        BIGINT,
  errors        LONGTEXT     NOT NULL, -- the error and its causes, a JSON array
  since         BIGINT       NOT NULL,
  PRIMARY KEY (id),
  KEY event_backlog_place (consumer, place, due_at),
  KEY event_backlog_letters (consumer, place, id),
  KEY event_backlog_key (consumer, partition_key(255))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- What was taken out of a backlog without being applied.
CREATE TABLE IF NOT EXISTS event_audit (
  id       BIGINT       NOT NULL AUTO_INCREMENT,
  at       BIGINT       NOT NULL,
  action   VARCHAR(16)  NOT NULL CHECK (action IN ('discarded')),
  consumer VARCHAR(255) NOT NULL,
  event_id TEXT,
  reason   TEXT         NOT NULL,
  body     LONGBLOB     NOT NULL,
  errors   LONGTEXT     NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- For people: what waits for somebody's decision.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW event_dead_letter AS
SELECT id, consumer, source, event_id, event_type, event_version, partition_key, attempts,
       JSON_UNQUOTE(JSON_EXTRACT(errors, '$[0]')) AS error, errors,
       TIMESTAMPADD(MICROSECOND, since, '1970-01-01') AS since, CONVERT(body USING utf8mb4) AS body
FROM event_backlog
WHERE place = 'dead_letter';

-- Gives the locks of these slots back, a bit for each, should this session have them. Named locks are the server's, so their
-- names have the database in them; a name may have 64 characters.
DROP PROCEDURE IF EXISTS event_outbox_unlock;
DELIMITER $$
CREATE PROCEDURE event_outbox_unlock(IN slots BIGINT UNSIGNED)
NO SQL SQL SECURITY INVOKER
BEGIN
  DECLARE book VARCHAR(64) CHARACTER SET utf8mb4 DEFAULT CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.');
  WHILE slots <> 0 DO
    DO RELEASE_LOCK(CONCAT(book, BIT_COUNT((slots & ~(slots - 1)) - 1)));
    SET slots = slots & (slots - 1);
  END WHILE;
END$$
DELIMITER ;

-- Inserts the events of a JSON array of [id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers], all or
-- none, within the caller's transaction. One by one: INSERT … SELECT would draw more numbers than it needs, and on MariaDB keep
-- other writers from drawing any while it waits.
DROP PROCEDURE IF EXISTS event_outbox_insert;
DELIMITER $$
CREATE PROCEDURE event_outbox_insert(IN events LONGTEXT CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  DECLARE found BOOLEAN DEFAULT TRUE;
  DECLARE e_id, e_aggregatetype, e_type VARCHAR(255) CHARACTER SET utf8mb4;
  DECLARE e_aggregateid TEXT CHARACTER SET utf8mb4;
  DECLARE e_version INT;
  DECLARE e_occurred_at BIGINT;
  DECLARE e_payload, e_headers LONGTEXT CHARACTER SET utf8mb4;
  DECLARE given CURSOR FOR
    SELECT g.id, g.aggregatetype, g.aggregateid, g.type, g.version, g.occurred_at, g.payload, g.headers
    FROM JSON_TABLE(events, '$[*]' COLUMNS (
      place         FOR ORDINALITY,
      id            VARCHAR(255) CHARACTER SET utf8mb4 PATH '$[0]' ERROR ON ERROR,
      aggregatetype VARCHAR(255) CHARACTER SET utf8mb4 PATH '$[1]' ERROR ON ERROR,
      aggregateid   TEXT         CHARACTER SET utf8mb4 PATH '$[2]' ERROR ON ERROR,
      type          VARCHAR(255) CHARACTER SET utf8mb4 PATH '$[3]' ERROR ON ERROR,
      version       INT                                PATH '$[4]' ERROR ON ERROR,
      occurred_at   BIGINT                             PATH '$[5]' ERROR ON ERROR,
      payload       LONGTEXT     CHARACTER SET utf8mb4 PATH '$[6]' ERROR ON ERROR,
      headers       LONGTEXT     CHARACTER SET utf8mb4 PATH '$[7]' ERROR ON ERROR)) g
    ORDER BY g.place;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET found = FALSE;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    -- A deadlock has taken back the whole transaction, and the savepoint with it.
    DECLARE CONTINUE HANDLER FOR 1305 BEGIN END;
    ROLLBACK TO SAVEPOINT event_outbox_insert;
    RESIGNAL;
  END;
  SAVEPOINT event_outbox_insert;
  OPEN given;
  insert_each: LOOP
    FETCH given INTO e_id, e_aggregatetype, e_aggregateid, e_type, e_version, e_occurred_at, e_payload, e_headers;
    IF NOT found THEN
      LEAVE insert_each;
    END IF;
    INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
    VALUES (e_id, e_aggregatetype, e_aggregateid, e_type, e_version, e_occurred_at, e_payload, e_headers);
  END LOOP;
  CLOSE given;
  RELEASE SAVEPOINT event_outbox_insert;
END$$
DELIMITER ;

-- Ends the transaction: takes the locks of its slots in ascending order, so that no two transactions wait for each other,
-- gives its events their positions, commits, and only then gives the locks back. So within a slot a position that can be
-- read is never followed by a smaller one. All locks come before the first position.
-- `ids` is a JSON array of the ids that were inserted, those that a savepoint took back included. When it fails the transaction
-- is rolled back. What is read is read without locks, and rows of the log come one by one: INSERT … SELECT would lock what it
-- doesn't find, and wait for the rows of others.
DROP PROCEDURE IF EXISTS event_outbox_commit;
DELIMITER $$
CREATE PROCEDURE event_outbox_commit(IN ids LONGTEXT CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  DECLARE book VARCHAR(64) CHARACTER SET utf8mb4 DEFAULT CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.');
  DECLARE slots, taken, missing BIGINT UNSIGNED DEFAULT 0;
  DECLARE event_slot TINYINT;
  DECLARE event_number BIGINT;
  DECLARE found BOOLEAN DEFAULT TRUE;
  DECLARE events CURSOR FOR
    SELECT o.slot, o.number
    FROM (SELECT MAX(j.place) AS place, j.id
          FROM JSON_TABLE(ids, '$[*]' COLUMNS (place FOR ORDINALITY, id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$')) j
          GROUP BY j.id) i
    STRAIGHT_JOIN event_outbox o FORCE INDEX (event_outbox_id) ON o.id = i.id
    ORDER BY i.place;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET found = FALSE;
  -- It has a place already: its insert was refused because the id was there, or a raw COMMIT came first and it was swept.
  DECLARE CONTINUE HANDLER FOR 1062 BEGIN END;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    CALL event_outbox_unlock(taken);
    ROLLBACK;
    RESIGNAL;
  END;
  IF JSON_LENGTH(ids) = 1 THEN
    SELECT o.slot, o.number, 1 << o.slot INTO event_slot, event_number, slots
    FROM event_outbox o FORCE INDEX (event_outbox_id) WHERE o.id = JSON_VALUE(ids, '$[0]');
  ELSE
    SELECT BIT_OR(1 << o.slot) INTO slots
    FROM JSON_TABLE(ids, '$[*]' COLUMNS (id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */ PATH '$')) i
    STRAIGHT_JOIN event_outbox o FORCE INDEX (event_outbox_id) ON o.id = i.id;
  END IF;
  SET missing = slots;
  WHILE missing <> 0 DO
    IF COALESCE(GET_LOCK(CONCAT(book, BIT_COUNT((missing & ~(missing - 1)) - 1)), @@innodb_lock_wait_timeout), 0) <> 1 THEN
      SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205,
        MESSAGE_TEXT = 'Lock wait timeout exceeded; another transaction is committing events of the same slot for too long';
    END IF;
    SET taken = taken | (missing & ~(missing - 1));
    SET missing = missing & (missing - 1);
  END WHILE;
  IF event_number IS NOT NULL THEN
    INSERT INTO event_outbox_log (slot, number) VALUES (event_slot, event_number);
  ELSEIF slots <> 0 THEN
    OPEN events;
    stamp: LOOP
      FETCH events INTO event_slot, event_number;
      IF NOT found THEN
        LEAVE stamp;
      END IF;
      INSERT INTO event_outbox_log (slot, number) VALUES (event_slot, event_number);
    END LOOP;
    CLOSE events;
  END IF;
  COMMIT;
  CALL event_outbox_unlock(taken);
END$$
DELIMITER ;
