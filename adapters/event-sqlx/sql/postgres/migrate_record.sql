-- Called by `migrate`, in the transaction of the migration itself.
INSERT INTO event_migration (version, name, oldest) VALUES ($1, $2, $3)
