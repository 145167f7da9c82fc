-- Called by `migrate`. No index but the primary key: a handful of rows. Locks nothing that exists.
CREATE TABLE IF NOT EXISTS event_migration (
  version    bigint      PRIMARY KEY,
  name       text        NOT NULL,
  oldest     bigint      NOT NULL, -- the oldest version whose releases work with the tables as they are from here on
  applied_at timestamptz NOT NULL DEFAULT now()
)
