-- Called by `Backlog::remove` when a letter is discarded, in the same transaction.
INSERT INTO event_audit (at, action, consumer, event_id, reason, body, errors)
VALUES (?, 'discarded', ?, ?, ?, ?, ?)
