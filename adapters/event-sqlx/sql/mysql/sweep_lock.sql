-- Called by `Origin::tend`: one relay of the outbox sweeps at a time, and no other waits. The lock is the session's.
SELECT GET_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.sweep'), 0)
