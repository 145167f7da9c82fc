-- Called by `Restart::forget_source`: the ids of a source without its epoch, and the notes of its twins, which stand under the source
-- without what follows its question mark. Uses the primary key from the consumer on.
DELETE FROM event_inbox WHERE consumer = $1 AND source IN ($2, $3)
