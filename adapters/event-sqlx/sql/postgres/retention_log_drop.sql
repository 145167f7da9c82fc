-- Called by `Origin::tend` for retention: drops the partition $1 of the log, unless something holds it; tells what. Locks the
-- log, for which it waits a tenth of a second.
SELECT event_outbox_log_drop($1)
