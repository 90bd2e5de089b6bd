-- Days that usually lie between two activities of a won deal; unknown where too few say so, and
-- where the export brings no activities.
-- usual_gap_days can do without: activities.deal_id, activities.is_deleted, activities.happened_at, activities.completed_at, activities.due_date, activities.created_at, activities.kind, activities.is_closed, activities.source, activities.created_by_id, activities.owner_id, users.id, users.is_integration
SELECT
  usual_gap.days AS usual_gap_days
FROM deals
LEFT JOIN (
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
) AS usual_gap
  ON TRUE
