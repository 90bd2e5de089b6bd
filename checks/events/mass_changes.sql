-- Seconds in which one user changed 20 records or more: no hand is that quick. Stamps that are
-- only days say nothing about seconds. Most seconds saw few changes, which their hashes tell: they
-- are quick to count.
WITH stamped AS NOT MATERIALIZED (
  SELECT user_id, date_trunc('second', changed_at) AS changed_second, record_id
  FROM field_history
  WHERE user_id IS NOT NULL AND cast(changed_at AS TIME) <> TIME '00:00:00'
),
crowded AS (
  SELECT hash(user_id, changed_second) AS mark FROM stamped GROUP BY mark HAVING count(*) >= 20
)
SELECT user_id, changed_second
FROM stamped
WHERE hash(user_id, changed_second) IN (SELECT mark FROM crowded)
GROUP BY user_id, changed_second
HAVING count(DISTINCT record_id) >= 20
