-- Called by `create_tables` at every start.
CREATE TABLE IF NOT EXISTS orders (
  placed_by    TEXT    PRIMARY KEY, -- the id of the event or request that placed it
  order_id     TEXT    NOT NULL,
  amount_cents INTEGER NOT NULL,
  currency     TEXT    NOT NULL,
  coupon       TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS invoices (
  issued_for   TEXT    PRIMARY KEY, -- the id of the event `order.placed`
  order_id     TEXT    NOT NULL,
  amount_cents INTEGER NOT NULL,
  currency     TEXT    NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS parcels (
  packed_for TEXT PRIMARY KEY, -- the id of the event `order.placed`
  order_id   TEXT NOT NULL
) STRICT;
-- How many lines of a file were taken, and how many of them were duplicates.
CREATE TABLE IF NOT EXISTS intake (
  file       TEXT    PRIMARY KEY,
  lines      INTEGER NOT NULL,
  duplicates INTEGER NOT NULL
) STRICT;
