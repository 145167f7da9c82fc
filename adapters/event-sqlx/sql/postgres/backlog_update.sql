-- Called by `Backlog::update`. Uses the primary key; the row is locked by `Backlog::load`.
UPDATE event_backlog SET place = $1, attempts = $2, due_at = $3, errors = $4::jsonb, class = $5, replay = $6 WHERE id = $7
