-- Called by `event_sqlx::migrate`, once, and printed by `event-ops migrate --print postgres`: retention, and the mends that
-- `event-ops doctor` prints. All functions here belong to whoever migrates and run with that role's rights.

-- Up to this position retention has dropped what came before kept_since. What got its place later is there, however old.
ALTER TABLE event_outbox_identity ADD COLUMN kept_position bigint NOT NULL DEFAULT 0;

-- The partitions of outbox and log with their bounds; those of the default partitions are null.
CREATE VIEW event_partition AS
SELECT p.relname::text AS parent, c.relname::text AS name, c.oid AS relation,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']*)''\)'))[1] AS lower,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']*)''\)'))[1] AS upper
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE i.inhparent IN ('event_outbox'::regclass, 'event_outbox_log'::regclass);

-- Makes the partition of a month. The new table is attached, which lets writers go on. At most `movable` rows are moved to it
-- from the default partition, which stops writers meanwhile; if there are more, none is, and no partition is made.
CREATE FUNCTION event_outbox_month(month timestamptz, movable bigint) RETURNS boolean LANGUAGE plpgsql AS $body$
DECLARE
  first timestamptz := date_trunc('month', month);
  next  timestamptz := date_trunc('month', month) + interval '1 month';
  name  text := 'event_outbox_' || to_char(month, 'YYYY_MM');
  found_ bigint;
BEGIN
  IF to_regclass(quote_ident(name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  SELECT count(*) INTO found_
  FROM (SELECT 1 FROM event_outbox_default WHERE at >= first AND at < next LIMIT movable + 1) r;
  IF found_ > movable THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I.%I (LIKE event_outbox INCLUDING ALL)', event_outbox_schema(), name);
  IF EXISTS (SELECT 1 FROM event_outbox_default WHERE at >= first AND at < next) THEN
    LOCK TABLE event_outbox_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('WITH moved AS (DELETE FROM event_outbox_default WHERE at >= $1 AND at < $2 RETURNING *)
      INSERT INTO %I (id, at, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
      SELECT id, at, aggregatetype, aggregateid, type, version, occurred_at, payload, headers FROM moved', name)
    USING first, next;
  END IF;
  EXECUTE format('ALTER TABLE event_outbox ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first, next);
  RETURN true;
END $body$;

-- The same for a part of the log: 10 million positions.
CREATE FUNCTION event_outbox_log_part(part bigint, movable bigint) RETURNS boolean LANGUAGE plpgsql AS $body$
DECLARE
  first bigint := part * 10000000;
  next  bigint := (part + 1) * 10000000;
  name  text := 'event_outbox_log_' || part;
  found_ bigint;
BEGIN
  IF to_regclass(quote_ident(name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  SELECT count(*) INTO found_
  FROM (SELECT 1 FROM event_outbox_log_default WHERE position >= first AND position < next LIMIT movable + 1) r;
  IF found_ > movable THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I.%I (LIKE event_outbox_log INCLUDING ALL)', event_outbox_schema(), name);
  IF EXISTS (SELECT 1 FROM event_outbox_log_default WHERE position >= first AND position < next) THEN
    LOCK TABLE event_outbox_log_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('WITH moved AS (DELETE FROM event_outbox_log_default WHERE position >= $1 AND position < $2 RETURNING *)
      INSERT INTO %I SELECT * FROM moved', name)
    USING first, next;
  END IF;
  EXECUTE format('ALTER TABLE event_outbox_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first, next);
  RETURN true;
END $body$;

-- Makes the partitions of the outbox (a month each, in UTC) up to `ahead` from now, and of the log two beyond the last
-- position. Waits at most `lock_timeout` for whoever reads a default partition. What lies there is moved if it is little; else
-- it stays, and `event-ops doctor` tells of it.
CREATE FUNCTION event_outbox_partitions(ahead interval DEFAULT '30 days') RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER AS $body$
DECLARE
  month timestamptz := date_trunc('month', now());
  part  bigint := (SELECT last_value FROM event_outbox_position) / 10000000;
  last  bigint := part + 2;
  made  integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(event_outbox_book(), 64); -- one at a time; the slots have 0 to 63
  WHILE month <= now() + ahead LOOP
    made := made + event_outbox_month(month, 10000)::integer;
    month := month + interval '1 month';
  END LOOP;
  WHILE part <= last LOOP
    made := made + event_outbox_log_part(part, 10000)::integer;
    part := part + 1;
  END LOOP;
  RETURN made;
END $body$;

-- A mend: moves everything out of the default partitions, into partitions that are made for it. Writers wait meanwhile: some
-- ten seconds for a million rows.
CREATE FUNCTION event_outbox_adopt() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $body$
DECLARE
  made integer;
BEGIN
  PERFORM pg_advisory_xact_lock(event_outbox_book(), 64);
  SELECT coalesce(sum(event_outbox_month(m.month, 9223372036854775806)::integer), 0) INTO made
  FROM (SELECT DISTINCT date_trunc('month', at) AS month FROM event_outbox_default WHERE isfinite(at)) m;
  SELECT made + coalesce(sum(event_outbox_log_part(p.part, 9223372036854775806)::integer), 0) INTO made
  FROM (SELECT DISTINCT position / 10000000 AS part FROM event_outbox_log_default) p;
  RETURN made;
END $body$;

-- A mend: gives a place at the end of the log to events since `since` that have none. Holds all slots until its end.
CREATE FUNCTION event_outbox_stamp_missing(since timestamptz DEFAULT '-infinity') RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER AS $body$
DECLARE
  stamped bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(event_outbox_book(), s.slot) FROM (SELECT g AS slot FROM generate_series(0, 63) g ORDER BY g) s;
  INSERT INTO event_outbox_log (slot, position, at, id)
  SELECT m.slot, nextval('event_outbox_position'), m.at, m.id
  FROM (SELECT e.slot, e.at, e.id FROM event_outbox e
        WHERE e.at >= since AND NOT EXISTS (SELECT 1 FROM event_outbox_log l WHERE l.at = e.at AND l.id = e.id)
        ORDER BY e.at, e.id) m;
  GET DIAGNOSTICS stamped = ROW_COUNT;
  RETURN stamped;
END $body$;

-- A mend: leaves one place to events that have several. It is the first, unless a sink is between them and may not have sent
-- the event: then the first that all such sinks have before them, so nothing is lost, and something may be sent twice.
CREATE FUNCTION event_outbox_stamp_once() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $body$
DECLARE
  removed bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(event_outbox_book(), s.slot) FROM (SELECT g AS slot FROM generate_series(0, 63) g ORDER BY g) s;
  WITH several AS MATERIALIZED (
    SELECT slot, at, id, array_agg(position ORDER BY position) AS positions
    FROM event_outbox_log GROUP BY slot, at, id HAVING count(*) > 1),
  kept AS MATERIALIZED (
    SELECT s.slot, s.at, s.id, s.positions,
           (SELECT min(p) FROM unnest(s.positions) p
            WHERE p > coalesce((SELECT max(r.position) FROM event_relay_slot r
                                WHERE r.slot = s.slot AND r.position < s.positions[cardinality(s.positions)]), -1)) AS position
    FROM several s)
  DELETE FROM event_outbox_log l USING kept k
  WHERE l.slot = k.slot AND l.position = ANY (k.positions) AND l.position <> k.position;
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END $body$;

-- Why events before `until` have to stay, or null.
CREATE FUNCTION event_outbox_held(until timestamptz) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER AS $body$
DECLARE
  since  timestamptz;
  place  bigint;
  sink_  text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM event_sink) THEN
    RETURN 'no sink is registered';
  END IF;
  SELECT kept_since, kept_position INTO since, place FROM event_outbox_identity;
  SELECT r.sink INTO sink_ FROM event_relay_slot r
  WHERE EXISTS (SELECT 1 FROM event_outbox_log l WHERE l.slot = r.slot AND l.position > r.position AND l.at < until
                  AND (l.at >= since OR l.position > place))
  LIMIT 1;
  IF FOUND THEN
    RETURN format('the sink `%s` has not passed it', sink_);
  END IF;
  SELECT p.sink INTO sink_ FROM event_parked p
  JOIN event_outbox_log l ON l.position = p.position
    AND l.slot = ((('x' || substr(md5(p.partition_key), 1, 8))::bit(32)::int) & 63)::smallint
  WHERE l.at < until LIMIT 1;
  IF FOUND THEN
    RETURN format('an event is parked for the sink `%s`', sink_);
  END IF;
  IF EXISTS (SELECT 1 FROM event_outbox_default WHERE at < until) THEN
    RETURN 'rows as old are in the default partition';
  END IF;
  RETURN NULL;
END $body$;

-- Whether a partition holds an event without a place in the log. Reads both, so it is asked last.
CREATE FUNCTION event_outbox_has_unstamped(partition text) RETURNS boolean LANGUAGE plpgsql STABLE
SECURITY DEFINER AS $body$
DECLARE
  found_ boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I e WHERE NOT EXISTS
    (SELECT 1 FROM event_outbox_log l WHERE l.at = e.at AND l.id = e.id))', partition) INTO found_;
  RETURN found_;
END $body$;

-- Drops a partition of the outbox, or only detaches it, unless something holds it; tells what. Waits at most a tenth of a
-- second for whoever works with the outbox, and so holds nobody up for longer.
CREATE FUNCTION event_outbox_drop(partition text, detached boolean) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $body$
DECLARE
  until  timestamptz := (SELECT p.upper::timestamptz FROM event_partition p
                         WHERE p.parent = 'event_outbox' AND p.name = partition);
  reason text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'what is committed meanwhile would be overlooked'
      USING HINT = 'call it in a transaction that was begun by BEGIN ISOLATION LEVEL READ COMMITTED';
  END IF;
  IF until IS NULL THEN
    RETURN 'it is no partition of the outbox';
  END IF;
  LOCK TABLE ONLY event_outbox IN ACCESS EXCLUSIVE MODE;
  reason := event_outbox_held(until);
  IF reason IS NOT NULL THEN
    RETURN reason;
  END IF;
  EXECUTE format('ALTER TABLE event_outbox DETACH PARTITION %I', partition);
  IF NOT detached THEN
    EXECUTE format('DROP TABLE %I', partition);
  END IF;
  -- Nobody else writes now, so what comes later gets a later position.
  UPDATE event_outbox_identity SET kept_since = greatest(kept_since, until),
    kept_position = greatest(kept_position, (SELECT last_value FROM event_outbox_position));
  RETURN NULL;
END $body$;

-- Drops a partition of the log, unless something holds it; tells what. Waits as event_outbox_drop does.
CREATE FUNCTION event_outbox_log_drop(partition text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $body$
DECLARE
  first  bigint;
  next   bigint;
  needed boolean;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'what is committed meanwhile would be overlooked'
      USING HINT = 'call it in a transaction that was begun by BEGIN ISOLATION LEVEL READ COMMITTED';
  END IF;
  SELECT p.lower::bigint, p.upper::bigint INTO first, next FROM event_partition p
  WHERE p.parent = 'event_outbox_log' AND p.name = partition;
  IF next IS NULL OR next > (SELECT last_value FROM event_outbox_position) THEN
    RETURN 'it is in use';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM event_sink) THEN
    RETURN 'no sink is registered';
  END IF;
  IF EXISTS (SELECT 1 FROM event_parked p WHERE p.position >= first AND p.position < next) THEN
    RETURN 'an event in it is parked';
  END IF;
  LOCK TABLE ONLY event_outbox_log IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I l, event_outbox_identity i
    WHERE l.at >= i.kept_since OR l.position > i.kept_position)', partition) INTO needed;
  IF needed THEN
    RETURN 'its events are kept';
  END IF;
  EXECUTE format('DROP TABLE %I', partition);
  RETURN NULL;
END $body$;

DO $migration$
DECLARE
  place text := current_schema();
  done  text;
BEGIN
  EXECUTE format('CREATE FUNCTION event_outbox_book() RETURNS integer LANGUAGE sql IMMUTABLE AS %L',
                 'SELECT ' || hashtext('event_outbox of ' || place));
  EXECUTE format('CREATE FUNCTION event_outbox_schema() RETURNS text LANGUAGE sql IMMUTABLE AS %L',
                 format('SELECT %L::text', place));
  FOREACH done IN ARRAY ARRAY['event_outbox_month(timestamptz, bigint)', 'event_outbox_log_part(bigint, bigint)',
    'event_outbox_partitions(interval)', 'event_outbox_adopt()', 'event_outbox_stamp_missing(timestamptz)',
    'event_outbox_stamp_once()', 'event_outbox_held(timestamptz)', 'event_outbox_has_unstamped(text)',
    'event_outbox_drop(text, boolean)', 'event_outbox_log_drop(text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', done, place);
    EXECUTE format('ALTER FUNCTION %s SET timezone = %L', done, 'UTC');
    EXECUTE format('ALTER FUNCTION %s SET lock_timeout = %L', done, CASE WHEN done LIKE '%\_drop(%' THEN '100ms' ELSE '2s' END);
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', done);
  END LOOP;
END
$migration$;

SELECT event_outbox_partitions();
