-- Called by `migrate`. No index but the primary key: a handful of rows. Locks nothing that exists.
CREATE TABLE IF NOT EXISTS event_migration (
  version    BIGINT       NOT NULL,
  name       VARCHAR(255) NOT NULL,
  oldest     BIGINT       NOT NULL, -- the oldest version whose releases work with the tables as they are from here on
  applied_at BIGINT       NOT NULL DEFAULT (TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))), -- microseconds since 1970-01-01T00:00:00Z
  PRIMARY KEY (version)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4
