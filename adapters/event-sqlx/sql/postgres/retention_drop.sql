-- Called by `Origin::tend` for retention: drops the partition $1, or detaches it if $2 says so, unless something holds it; tells
-- what. Locks the outbox, for which it waits a tenth of a second.
SELECT event_outbox_drop($1, $2)
