-- Called by `Restart::forget_source`: which events were taken of it. Uses the primary key.
DELETE FROM event_inbox_history WHERE consumer = ? AND digest = UNHEX(SHA2(?, 256))
