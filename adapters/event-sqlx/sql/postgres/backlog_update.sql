-- Called by `Backlog::update`. Uses the primary key; the row is locked by `Backlog::load`.
UPDATE event_backlog SET place = $2, attempts = $3, due_at = $4, errors = $5::jsonb WHERE id = $1
