-- Called by every command: what the tables are, and which releases work with them. Reads a handful of rows.
SELECT coalesce(max(version), 0), coalesce(max(oldest), 0) FROM event_migration
