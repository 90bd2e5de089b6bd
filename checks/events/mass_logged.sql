-- Activities that were brought in, not written: 20 or more by one user in one second. Stamps
-- that are only days say nothing about seconds. Most seconds saw few, which their hashes tell: they
-- are quick to count.
WITH stamped AS NOT MATERIALIZED (
  SELECT
    row_no, coalesce(created_by_id, owner_id, '') AS user_id,
    date_trunc('second', created_at) AS created_second
  FROM activities
  WHERE created_at IS NOT NULL AND cast(created_at AS TIME) <> TIME '00:00:00'
),
crowded AS (
  SELECT hash(user_id, created_second) AS mark FROM stamped GROUP BY mark HAVING count(*) >= 20
)
SELECT row_no
FROM stamped
WHERE hash(user_id, created_second) IN (SELECT mark FROM crowded)
QUALIFY count(*) OVER (PARTITION BY user_id, created_second) >= 20
