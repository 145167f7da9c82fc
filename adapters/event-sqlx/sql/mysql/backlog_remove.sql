-- Called by `Backlog::remove`. Uses the primary key.
DELETE FROM event_backlog WHERE id = ?
