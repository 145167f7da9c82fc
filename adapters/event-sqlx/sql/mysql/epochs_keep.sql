-- Called by `Epochs::keep` and `Marks::advance`, for each stream of a batch. Uses the primary key.
INSERT INTO event_inbox_history (consumer, digest, slot, upto, after, taken_at, ids)
VALUES (?, UNHEX(SHA2(?, 256)), ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE after = VALUES(after), taken_at = VALUES(taken_at), ids = VALUES(ids)
