-- Called by `Origin::tend` after a sweep.
SELECT RELEASE_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.sweep'))
