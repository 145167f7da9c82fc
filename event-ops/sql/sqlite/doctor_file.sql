-- Called by `doctor`: what SQLite itself finds wrong with the file. Reads all of it if ?1 says so.
SELECT 'the file is damaged: ' || q.quick_check,
       'sqlite3 ''' || replace(l.file, '''', '''\''''') || ''' .recover > recovered.sql # into a new file'
FROM pragma_quick_check q, pragma_database_list l WHERE ?1 AND q.quick_check <> 'ok' AND l.name = 'main'
