-- Migrations of the outbox and the inbox, for psql or a tool such as Flyway. Run it in one transaction:
--   psql --single-transaction --set ON_ERROR_STOP=1 --file=FILE
-- It records what it has done in event_migration, so event_sqlx::migrate afterwards does nothing.
SELECT pg_advisory_xact_lock(hashtext('event_migration of ' || current_schema()));

CREATE TABLE IF NOT EXISTS event_migration (
  version    bigint      PRIMARY KEY,
  name       text        NOT NULL,
  oldest     bigint      NOT NULL, -- the oldest version whose releases work with the tables as they are from here on
  applied_at timestamptz NOT NULL DEFAULT now()
);
