-- Called by `Origin::tend`: makes the partitions of the next 30 days. Locks as `event_outbox_partitions` says.
SELECT event_outbox_partitions()
