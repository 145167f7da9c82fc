-- Called by `doctor`: without the strict mode a text that is too long is cut, and the event is another. Reads a setting.
SELECT 'the `sql_mode` is not strict: what is too long for a column of the outbox is cut in silence, in writers that don''t ask for better',
       'SET GLOBAL sql_mode = CONCAT_WS('','', NULLIF(@@GLOBAL.sql_mode, ''''), ''STRICT_TRANS_TABLES''); -- and in its configuration; then let every writer connect anew'
FROM (SELECT 1) one
WHERE @@GLOBAL.sql_mode NOT LIKE '%STRICT_TRANS_TABLES%' AND @@GLOBAL.sql_mode NOT LIKE '%STRICT_ALL_TABLES%'
