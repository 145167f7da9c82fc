-- Called by `Gaps::missing`. Uses the primary key. Reads only: the mark of the stream is locked.
SELECT since FROM event_inbox_gap WHERE consumer = $1 AND source = $2 AND slot = $3 AND after = $4
