-- Called by `enqueue_all`, in the caller's transaction: all rows in one statement, in their order. Locks as enqueue.sql.
INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers)
SELECT e.id::uuid, e.aggregatetype, e.aggregateid, e.type, e.version, e.occurred_at, e.payload, e.headers::jsonb
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[], $8::text[])
     WITH ORDINALITY AS e (id, aggregatetype, aggregateid, type, version, occurred_at, payload, headers, place)
ORDER BY e.place
