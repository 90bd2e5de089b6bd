-- Days since a person last did something on the deal, or since its creation if nobody did.
-- As in the CRM's own "last activity", a planned meeting counts as today and an open task does
-- not count. Where what was done has no date, nobody knows when it was; where activities are not
-- usually logged, nothing can be said about any deal.
-- idle_days needs one of: activities.happened_at, activities.completed_at, activities.due_date, activities.created_at
-- idle_days can do without: deals.created_at, activities.is_deleted, activities.kind, activities.is_closed, activities.source, activities.created_by_id, activities.owner_id, users.id, users.is_integration
-- idle_days doubtful with: inbox
-- idle_days unknown everywhere: activities_not_logged
SELECT
  CASE
    WHEN coalesce(activity_logging.is_usual, TRUE)
      THEN days_between(
        if(human_activity.deal_id IS NULL, day_of(created_at), human_activity.last_day), $as_of
      )
  END AS idle_days
FROM deals
LEFT JOIN (
  SELECT
    activities.deal_id,
    max(at_most(
      coalesce(
        day_of(activities.happened_at),
        day_of(activities.completed_at),
        activities.due_date,
        day_of(activities.created_at)
      ),
      $as_of
    )) AS last_day
  FROM activities
  LEFT JOIN users ON users.id = coalesce(activities.created_by_id, activities.owner_id)
  WHERE NOT coalesce(activities.is_deleted, FALSE)
    AND NOT coalesce(users.is_integration, FALSE)
    AND NOT done_by_program(activities.source)
    AND NOT (coalesce(lower(activities.kind), '') = 'task' AND NOT coalesce(activities.is_closed, TRUE))
  GROUP BY activities.deal_id
) AS human_activity
  ON human_activity.deal_id = deals.id
LEFT JOIN activity_logging
  ON TRUE
