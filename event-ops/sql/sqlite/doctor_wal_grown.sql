-- Called by `doctor` with the size of the write-ahead log: it can't begin anew while a transaction reads from it. Reads
-- settings.
SELECT 'the write-ahead log has ' || (?1 / 1048576) || ' MiB beside a file of ' || (p.page_count * s.page_size / 1048576)
         || ' MiB: somebody reads in a transaction that doesn''t end, and each read becomes slower',
       'PRAGMA wal_checkpoint(TRUNCATE); -- once that transaction has ended; it answers 0 in its first column when it was'
FROM pragma_page_count p, pragma_page_size s
WHERE ?1 > max(16777216, p.page_count * s.page_size)
