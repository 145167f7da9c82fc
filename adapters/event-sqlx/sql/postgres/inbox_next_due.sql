-- Called by `Inbox::due`. Uses event_backlog_place. Reads only.
SELECT min(due_at) FROM event_backlog WHERE consumer = $1 AND place = 'retry'
