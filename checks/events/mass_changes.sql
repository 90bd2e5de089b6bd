-- Seconds in which one user changed 20 records or more: no hand is that quick. Stamps that are
-- only days say nothing about seconds.
SELECT user_id, changed_second
FROM (
  SELECT user_id, date_trunc('second', changed_at) AS changed_second, record_id
  FROM field_history
  WHERE user_id IS NOT NULL AND cast(changed_at AS TIME) <> TIME '00:00:00'
  QUALIFY count(*) OVER (PARTITION BY user_id, changed_second) >= 20
)
GROUP BY user_id, changed_second
HAVING count(DISTINCT record_id) >= 20
