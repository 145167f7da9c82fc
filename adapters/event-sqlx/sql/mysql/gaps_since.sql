-- Called by `Gaps::missing`. Uses the primary key. Reads only: the mark of the stream is locked.
SELECT since FROM event_inbox_gap WHERE consumer = ? AND digest = UNHEX(SHA2(?, 256)) AND slot = ? AND after = ?
