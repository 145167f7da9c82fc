-- Called by every command: what the tables are. A newer file than this release is refused: hence the version twice.
SELECT coalesce(max(version), 0), coalesce(max(version), 0) FROM event_migration
