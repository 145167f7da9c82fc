-- Called by every command: what the tables are, and which releases work with them. Reads a handful of rows.
SELECT COALESCE(MAX(version), 0), COALESCE(MAX(oldest), 0) FROM event_migration
