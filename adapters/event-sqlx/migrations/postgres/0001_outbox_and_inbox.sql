-- Called by `event_sqlx::migrate`, once, and printed by `event-ops migrate --print postgres`. It makes everything in the
-- first schema of the search_path. Every name of ours begins with `event_`.

-- Slots are hashes of UTF-8, which consumers compute as well.
DO $encoding$
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'the encoding of the database is %, and an outbox needs UTF8', current_setting('server_encoding')
      USING HINT = 'make a database by CREATE DATABASE name TEMPLATE template0 ENCODING ''UTF8''';
  END IF;
END
$encoding$;

-- The outbox: insert-only. `at` is when the row came, and what it is partitioned by; `occurred_at` is what the event says.
-- Writers in any language insert here and nowhere else; the slot follows from what they insert. What has a fixed width
-- comes first, which saves its padding.
CREATE TABLE event_outbox (
  id            uuid        NOT NULL,
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  occurred_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  version       integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
  slot          smallint    NOT NULL GENERATED ALWAYS AS
    (((('x' || substr(md5(aggregatetype || '/' || coalesce(aggregateid, id::text)), 1, 8))::bit(32)::int) & 63)::smallint) STORED,
  aggregatetype text        NOT NULL CHECK (aggregatetype <> ''),
  aggregateid   text                 CHECK (aggregateid <> ''),
  type          text        NOT NULL CHECK (type <> ''),
  payload       text        NOT NULL,
  headers       jsonb       NOT NULL DEFAULT '{}',
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);

-- The order of commits within each slot: insert-only, written by a trigger at commit, read by cursor.
CREATE TABLE event_outbox_log (
  position bigint      NOT NULL,
  at       timestamptz NOT NULL,
  id       uuid        NOT NULL,
  slot     smallint    NOT NULL,
  PRIMARY KEY (slot, position)
) PARTITION BY RANGE (position);

-- Never with a CACHE: a cached position would be used after later ones.
CREATE SEQUENCE event_outbox_position AS bigint CACHE 1;

-- Nets under the partitions: a row that finds none is kept all the same, and `event-ops doctor` tells.
CREATE TABLE event_outbox_default PARTITION OF event_outbox DEFAULT;
CREATE TABLE event_outbox_log_default PARTITION OF event_outbox_log DEFAULT;

-- What this outbox is called on the wire: `/outbox/<id>?epoch=<epoch>`, unless the store is given another name. A
-- database whose system, timeline or oid is another than here was restored or failed over: a new epoch begins. So it does
-- when this table itself is another: a dump was restored into the same database.
CREATE TABLE event_outbox_identity (
  singleton  boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
  id         text        NOT NULL,
  epoch      bigint      NOT NULL DEFAULT 1,
  system     bigint      NOT NULL,
  timeline   text        NOT NULL,
  database   oid         NOT NULL,
  relation   oid         NOT NULL, -- this table's own
  kept_since timestamptz NOT NULL DEFAULT '-infinity' -- retention has dropped what came before
);
INSERT INTO event_outbox_identity (id, system, timeline, database, relation)
SELECT replace(gen_random_uuid()::text, '-', ''), s.system_identifier,
       left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), d.oid, 'event_outbox_identity'::regclass
FROM pg_control_system() s, pg_database d WHERE d.datname = current_database();

-- The identity, and whether the database is still the one that it was.
CREATE VIEW event_outbox_now AS
SELECT i.id, i.epoch,
       i.system = s.system_identifier AND i.database = d.oid AND i.relation = i.tableoid
         AND i.timeline = left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS known
FROM event_outbox_identity i, pg_control_system() s, pg_database d
WHERE d.datname = current_database();

-- The destinations.
CREATE TABLE event_sink (
  sink          text        PRIMARY KEY,
  filter        text        NOT NULL,
  registered_at timestamptz NOT NULL
);

-- The relays that live.
CREATE TABLE event_relay (
  sink       text        NOT NULL,
  owner      text        NOT NULL,
  seen_until timestamptz NOT NULL,
  PRIMARY KEY (sink, owner)
) WITH (fillfactor = 50);

-- How far each sink has come in each slot, and who sends it. Room on each page: updates stay on it.
CREATE TABLE event_relay_slot (
  sink         text        NOT NULL,
  slot         smallint    NOT NULL CHECK (slot BETWEEN 0 AND 63),
  position     bigint      NOT NULL DEFAULT 0, -- sent or parked up to here
  sent         bigint      NOT NULL DEFAULT 0, -- the last one that was sent
  fence        bigint      NOT NULL DEFAULT 0,
  owner        text,
  leased_until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (sink, slot)
) WITH (fillfactor = 25);

-- What a transport refused for good, with the later events of its key.
CREATE TABLE event_parked (
  sink          text        NOT NULL,
  position      bigint      NOT NULL,
  event_id      uuid        NOT NULL,
  partition_key text        NOT NULL,
  errors        jsonb       NOT NULL,
  parked_at     timestamptz NOT NULL,
  PRIMARY KEY (sink, position)
);
CREATE INDEX event_parked_key ON event_parked (sink, partition_key);

-- How far each consumer has come on each stream. Never expires. A row without a sequence is a stream that begins.
CREATE TABLE event_inbox_mark (
  consumer text     NOT NULL,
  source   text     NOT NULL,
  slot     smallint NOT NULL,
  sequence text, -- 20 digits, as on the wire
  event_id text,
  PRIMARY KEY (consumer, source, slot)
) WITH (fillfactor = 50);

-- Events that were taken by their id, because their producer gives them no place on a stream.
CREATE TABLE event_inbox (
  consumer text        NOT NULL,
  source   text        NOT NULL,
  event_id text        NOT NULL,
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (consumer, source, event_id)
);

-- What a consumer has taken but not applied: each event is in exactly one place.
CREATE TABLE event_backlog (
  id            bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  consumer      text        NOT NULL,
  place         text        NOT NULL CHECK (place IN ('retry', 'held', 'awaiting_deploy', 'dead_letter')),
  body          bytea       NOT NULL, -- the message as it came
  source        text,
  event_id      text,
  event_type    text,
  event_version bigint,
  partition_key text,
  blocks        boolean     NOT NULL, -- whether later events of the key wait for this one
  attempts      bigint      NOT NULL,
  due_at        timestamptz,
  errors        jsonb       NOT NULL, -- the error and its causes, an array
  since         timestamptz NOT NULL
);
CREATE INDEX event_backlog_place ON event_backlog (consumer, place, due_at);
CREATE INDEX event_backlog_key ON event_backlog (consumer, partition_key, source, id) WHERE blocks;

-- What was taken out of a backlog without being applied.
CREATE TABLE event_audit (
  id       bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  at       timestamptz NOT NULL,
  action   text        NOT NULL CHECK (action IN ('discarded')),
  consumer text        NOT NULL,
  event_id text,
  reason   text        NOT NULL,
  body     bytea       NOT NULL,
  errors   jsonb       NOT NULL
);

-- The text of a message; of one that isn't UTF-8 the bytes, escaped.
CREATE FUNCTION event_text(body bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
BEGIN
  RETURN convert_from(body, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
  RETURN encode(body, 'escape');
END $body$;

-- For people: what waits for somebody's decision.
CREATE VIEW event_dead_letter AS
SELECT id, consumer, source, event_id, event_type, event_version, partition_key, attempts,
       errors ->> 0 AS error, errors, since, event_text(body) AS body
FROM event_backlog
WHERE place = 'dead_letter';

-- The functions carry the schema's name and qualify what they call, operators too, so a writer's search_path changes
-- nothing. (A function that sets search_path takes twice as long to call.)
DO $migration$
DECLARE
  place text := current_schema();
  book  integer := hashtext('event_outbox of ' || current_schema()); -- the advisory locks of this outbox
  slots text := 'event_outbox.slots_' || to_hex(hashtext('event_outbox of ' || current_schema()));
BEGIN
  -- At commit, for each row: the locks of all slots of the transaction in ascending order, so that no two transactions wait
  -- for each other; then the row gets its position. The locks are held until the commit is visible, so within a slot a
  -- position that can be read is never followed by a smaller one. Most transactions have one slot, and nothing to collect.
  -- Calls stand in conditions and assignments, which PL/pgSQL evaluates without planning a statement.
  EXECUTE format($function$
    CREATE FUNCTION %1$I.event_outbox_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $body$
    DECLARE
      slots pg_catalog.text := pg_catalog.current_setting(%2$L, true);
    BEGIN
      IF slots OPERATOR(pg_catalog.<>) ''
         AND slots OPERATOR(pg_catalog.<>) (1::pg_catalog.int8 OPERATOR(pg_catalog.<<) NEW.slot)::pg_catalog.text THEN
        PERFORM pg_catalog.pg_advisory_xact_lock(%3$s, s.slot)
        FROM (SELECT g AS slot FROM pg_catalog.generate_series(0, 63) g
              WHERE slots::pg_catalog.int8 OPERATOR(pg_catalog.>>) g OPERATOR(pg_catalog.&) 1 OPERATOR(pg_catalog.<>) 0
              ORDER BY g) s;
        slots := pg_catalog.set_config(%2$L, '', true);
      END IF;
      IF pg_catalog.pg_advisory_xact_lock(%3$s, NEW.slot) IS NULL THEN -- never: it waits, or fails
        RAISE EXCEPTION 'no lock of slot %%', NEW.slot;
      END IF;
      INSERT INTO %1$I.event_outbox_log (slot, position, at, id)
      VALUES (NEW.slot, pg_catalog.nextval(%4$L), NEW.at, NEW.id);
      RETURN NULL;
    END $body$
  $function$, place, slots, book, format('%I.event_outbox_position', place));
  -- A trigger needs no right to fire; with one, a writer could stamp what it likes by a trigger of its own.
  EXECUTE format('REVOKE EXECUTE ON FUNCTION %I.event_outbox_stamp() FROM PUBLIC', place);

  -- The condition of the trigger is evaluated when a row comes, not at commit, and is always true: it notes the slot, a bit
  -- of a setting that ends with the transaction. A savepoint that is rolled back takes its bits with it.
  EXECUTE format($trigger$
    CREATE CONSTRAINT TRIGGER event_outbox_stamp AFTER INSERT ON %1$I.event_outbox
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (pg_catalog.set_config(%2$L, (coalesce(nullif(pg_catalog.current_setting(%2$L, true), '')::bigint, 0)
      | (1::bigint << NEW.slot))::text, true) IS NOT NULL)
    EXECUTE FUNCTION %1$I.event_outbox_stamp()
  $trigger$, place, slots);
END
$migration$;
