-- Called by `migrate` at its end.
SELECT RELEASE_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.migrate'))
