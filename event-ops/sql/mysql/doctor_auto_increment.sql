-- Called by `doctor`: numbers that several servers share out among each other. Reads a setting.
SELECT CONCAT('`auto_increment_increment` is ', @@GLOBAL.auto_increment_increment,
              ', as for servers that take writes side by side: the locks that order commits are one server''s own'),
       'SET GLOBAL auto_increment_increment = 1, GLOBAL auto_increment_offset = 1; -- and in its configuration, if this server alone takes writes; then let every writer connect anew'
FROM (SELECT 1) one
WHERE @@GLOBAL.auto_increment_increment > 1
