-- Called by `Backlog::update`. Uses the primary key; the row is locked by `Backlog::load`.
UPDATE event_backlog SET place = ?, attempts = ?, due_at = ?, errors = ?, class = ?, replay = ? WHERE id = ?
