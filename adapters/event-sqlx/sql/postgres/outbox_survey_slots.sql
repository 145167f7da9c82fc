-- Called by `Outbox::survey`. Uses the primary key (sink, slot). Reads only. Leases run on the database's clock, unless $2
-- is another one.
SELECT slot::bigint AS slot, position, sent, fence, owner, greatest(leased_until, 'epoch') AS leased_until,
       coalesce($2, clock_timestamp()) AS now
FROM event_relay_slot WHERE sink = $1 ORDER BY event_relay_slot.slot
