-- Called by `doctor`: what is larger than a packet can be neither written nor read. Reads a setting.
SELECT CONCAT('`max_allowed_packet` is ', ROUND(@@GLOBAL.max_allowed_packet / 1048576, 1),
              ' MiB: many events in one call, or a large one, are refused'),
       'SET GLOBAL max_allowed_packet = 67108864; -- and in its configuration; then let every writer and relay connect anew'
FROM (SELECT 1) one
WHERE @@GLOBAL.max_allowed_packet < 16777216
