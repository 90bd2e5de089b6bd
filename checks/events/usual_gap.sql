-- Days that usually lie between two activities of a won deal; no row where too few say so.
-- needs: deals.state
-- limits by:
SELECT median(gap) AS days
FROM (
  SELECT days_between(lag(happened) OVER (PARTITION BY deal_id ORDER BY happened), happened) AS gap
  FROM (
    SELECT
      activities.deal_id,
      coalesce(
        day_of(activities.happened_at),
        day_of(activities.completed_at),
        activities.due_date,
        day_of(activities.created_at)
      ) AS happened
    FROM activities
    LEFT JOIN users ON users.id = coalesce(activities.created_by_id, activities.owner_id)
    WHERE NOT coalesce(activities.is_deleted, FALSE)
      AND activities.deal_id IN (SELECT id FROM deals WHERE is_live AND state = 'won')
      AND NOT coalesce(users.is_integration, FALSE)
      AND NOT made_by_program(activities.source)
      AND NOT (coalesce(lower(activities.kind), '') = 'task' AND NOT coalesce(activities.is_closed, TRUE))
  )
)
HAVING count(gap) >= 20
