-- Called by `Origin::tend` after a sweep. One row.
UPDATE event_outbox_sweep SET swept = ?, holes = ?, found = found + ? WHERE singleton = TRUE
