-- Called by `Epochs::keep`, once a mark has many ids. Uses the primary key.
INSERT INTO event_inbox_history (consumer, digest, slot, upto, after, taken_at, ids)
VALUES (?, UNHEX(SHA2(?, 256)), ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE after = VALUES(after), taken_at = VALUES(taken_at), ids = VALUES(ids)
