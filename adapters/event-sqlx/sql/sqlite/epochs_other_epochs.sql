-- Called by `Epochs::other_epochs` for a stream that begins, and while events of it may have been taken under another epoch. Uses the
-- primary key from the consumer on. Reads only; each mark that it finds is locked by `marks_mark`.
SELECT source FROM event_inbox_mark
WHERE consumer = ?1 AND slot = ?2 AND source <> ?3 AND substr(source, 1, length(?4)) = ?4
ORDER BY source
