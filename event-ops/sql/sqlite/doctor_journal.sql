-- Called by `doctor`: without a write-ahead log, whoever reads keeps writers out, and the other way round. Reads a setting.
SELECT 'the file is in the journal mode `' || j.journal_mode || '`: relays and consumers that read keep writers out, and are kept out by them',
       'PRAGMA journal_mode = WAL; -- once, while nobody else has the file open'
FROM pragma_journal_mode j WHERE j.journal_mode NOT IN ('wal', 'memory')
