-- Called by `Outbox::claim`, as the first of its transaction: forgets the relays that have shown no sign of life. Uses the
-- primary key (sink, owner); locks those rows, and leaves those that another relay has locked. A relay whose host is gone
-- in the middle of the transaction holds its locks for $3 milliseconds, and not until TCP notices.
WITH bounded AS MATERIALIZED (SELECT set_config('idle_in_transaction_session_timeout', $3::bigint::text, true))
DELETE FROM event_relay WHERE (sink, owner) IN (
  SELECT sink, owner FROM event_relay WHERE sink = $1 AND seen_until <= coalesce($2, clock_timestamp())
  ORDER BY owner FOR UPDATE SKIP LOCKED)
  AND (SELECT count(*) FROM bounded) >= 0
