-- Called by `doctor`: what SQLite itself finds wrong with the file. Reads all of it if ?1 says so.
SELECT 'the file is damaged: ' || q.quick_check, 'sqlite3 orders.db .recover > recovered.sql # into a new file'
FROM pragma_quick_check q WHERE ?1 AND q.quick_check <> 'ok'
