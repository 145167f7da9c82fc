-- Called by `event_sqlx::begin` when the write lock wasn't got: how many milliseconds a connection waits for it. Reads only.
PRAGMA busy_timeout
