-- Called by `migrate`: one process at a time; the lock is the session's. Answers 1, or 0 when another has it for a minute.
SELECT GET_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.migrate'), 60)
