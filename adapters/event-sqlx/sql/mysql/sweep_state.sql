-- Called by `Origin::tend`: how far the sweep has come. One row. Reads only.
SELECT swept, holes, @@auto_increment_increment AS step, COALESCE(?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))) AS now FROM event_outbox_sweep
