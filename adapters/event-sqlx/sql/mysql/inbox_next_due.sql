-- Called by `Inbox::due`. Uses event_backlog_place. Reads only.
SELECT MIN(due_at) FROM event_backlog WHERE consumer = ? AND place = 'retry'
