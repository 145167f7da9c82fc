-- Called by `doctor`: the slot is a hash of the text's bytes, which are UTF-8 everywhere else. Reads a setting.
SELECT format('the database has the encoding `%s`: slots of keys that are not ASCII differ from what writers and relays compute, and some texts can''t be written',
              current_setting('server_encoding')),
       format('createdb --encoding=UTF8 --template=template0 %s # then move the data by pg_dump', quote_ident(current_database() || '_utf8'))
WHERE current_setting('server_encoding') <> 'UTF8'
