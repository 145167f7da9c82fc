-- Called by `event_sqlx::migrate`, once.

-- The registered sinks. Retention waits for each of them.
CREATE TABLE event_sink (
  sink          TEXT    PRIMARY KEY,
  filter        TEXT    NOT NULL DEFAULT '*', -- the event types that it takes: `*`, or patterns such as `order.*,invoice.issued`
  registered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO event_sink (sink, registered_at)
SELECT DISTINCT sink, CAST(unixepoch('subsec') * 1000000 AS INTEGER) FROM event_relay_slot;

-- The relays of each sink, by their last sign of life: they share its slots.
CREATE TABLE event_relay (
  sink       TEXT    NOT NULL,
  owner      TEXT    NOT NULL,
  seen_until INTEGER NOT NULL,
  PRIMARY KEY (sink, owner)
) STRICT, WITHOUT ROWID;
