-- Called by `Restart::forget_source`: what was missing of it. Uses the primary key.
DELETE FROM event_inbox_gap WHERE consumer = ? AND digest = UNHEX(SHA2(?, 256))
