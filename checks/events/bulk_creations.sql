-- Deals and activities that one user created by the dozen: 50 or more within ten minutes. No hand
-- is that quick. Mails are left out, they leave in campaigns; so are open tasks, which rules hand
-- out. Stamps that are only days say nothing about minutes.
-- builds on: programs
WITH created AS (
  SELECT 'deals' AS table_name, row_no, id AS record_id, coalesce(created_by_id, '') AS user_id,
    created_at
  FROM deals
  WHERE is_live
  UNION ALL
  SELECT 'activities', row_no, id, coalesce(created_by_id, owner_id, ''), created_at
  FROM activities
  WHERE NOT coalesce(is_deleted, FALSE)
    AND coalesce(lower(kind), '') <> 'email'
    AND NOT (coalesce(lower(kind), '') = 'task' AND NOT coalesce(is_closed, TRUE))
    AND NOT logged_by_program(source)
),
stamped AS NOT MATERIALIZED (
  SELECT *, date_diff('minute', TIMESTAMP '2000-01-01', created_at) // 10 AS slice
  FROM created
  WHERE cast(created_at AS TIME) <> TIME '00:00:00'
    AND user_id NOT IN (SELECT user_id FROM programs)
),
-- Of two neighbouring slices that hold 50 together, one holds 25: the others need no closer look.
-- That most hold fewer is seen from their hashes, which are quick to count.
crowded AS (
  SELECT hash(table_name, user_id, slice) AS mark FROM stamped GROUP BY mark HAVING count(*) >= 25
),
busy AS (
  SELECT DISTINCT table_name, user_id, slice + unnest([-1, 0, 1]) AS slice
  FROM (
    SELECT table_name, user_id, slice
    FROM stamped
    WHERE hash(table_name, user_id, slice) IN (SELECT mark FROM crowded)
    GROUP BY ALL
    HAVING count(*) >= 25
  )
),
counted AS (
  SELECT table_name, row_no, record_id, user_id, created_at,
    count(*) OVER (
      PARTITION BY table_name, user_id ORDER BY created_at
      RANGE BETWEEN CURRENT ROW AND INTERVAL 10 MINUTE FOLLOWING
    ) AS following
  FROM stamped
  JOIN busy USING (table_name, user_id, slice)
  WHERE day_of(created_at) <= $as_of
)
SELECT table_name, row_no, record_id, nullif(user_id, '') AS user_id, created_at
FROM counted
QUALIFY max(following) OVER (
  PARTITION BY table_name, user_id ORDER BY created_at
  RANGE BETWEEN INTERVAL 10 MINUTE PRECEDING AND CURRENT ROW
) >= 50
