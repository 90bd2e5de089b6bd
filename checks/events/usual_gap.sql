-- Days that usually lie between two activities of a won deal; no row where too few say so.
-- needs: deals.state
-- limits by:
SELECT median(gap) AS days
FROM (
  SELECT days_between(lag(happened) OVER (PARTITION BY deal_no ORDER BY happened), happened) AS gap
  FROM (
    SELECT
      won.deal_no,
      coalesce(
        day_of(activities.happened_at),
        day_of(activities.completed_at),
        activities.due_date,
        day_of(activities.created_at)
      ) AS happened
    FROM activities
    JOIN (
      SELECT id, min(row_no) AS deal_no FROM deals WHERE is_live AND state = 'won' GROUP BY id
    ) AS won
      ON won.id = activities.deal_id
    LEFT JOIN users ON users.id = coalesce(activities.created_by_id, activities.owner_id)
    -- One condition: of four, the engine would expect that nearly no activity meets them all.
    WHERE CASE
      WHEN coalesce(activities.is_deleted, FALSE)
        OR coalesce(users.is_integration, FALSE)
        OR done_by_program(activities.source)
        OR (coalesce(lower(activities.kind), '') = 'task' AND NOT coalesce(activities.is_closed, TRUE))
        THEN FALSE
      ELSE TRUE
    END
  )
)
HAVING count(gap) >= 20
