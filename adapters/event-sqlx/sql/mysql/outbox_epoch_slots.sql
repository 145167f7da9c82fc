-- Called by `Outbox::survey`, in the transaction that begins a new epoch: every stream begins anew, and no relay goes on
-- under the fence that it had. Locks all cursors.
UPDATE event_relay_slot SET sent = 0, fence = fence + 1, owner = NULL, leased_until = 0 WHERE slot >= 0
