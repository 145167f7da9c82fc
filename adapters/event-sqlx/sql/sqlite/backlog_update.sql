-- Called by `Backlog::update`. Uses the primary key.
UPDATE event_backlog SET place = ?2, attempts = ?3, due_at = ?4, errors = ?5 WHERE id = ?1
