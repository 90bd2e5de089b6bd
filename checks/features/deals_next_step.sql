-- Whether it is said what happens next: in words that are at most 30 days old, as far as history
-- tells, or as something planned from today on.
-- has_next_step needs one of: deals.next_step, deals.next_activity_at, deals.has_open_activity, activities.deal_id & activities.due_date, activities.deal_id & activities.happened_at
-- has_next_step can do without: activities.kind, activities.is_closed
SELECT
  coalesce(has_open_activity, FALSE)
  OR coalesce(day_of(next_activity_at) >= $as_of, FALSE)
  OR planned_step.deal_id IS NOT NULL
  OR (
    is_filled(next_step) AND junk_grade(next_step) = 0 AND coalesce(next_step_days, 0) <= 30
  ) AS has_next_step
FROM deals
LEFT JOIN (
  SELECT DISTINCT deal_id
  FROM activities
  WHERE is_live
    AND NOT coalesce(is_closed, FALSE)
    AND coalesce(lower(kind), 'task') NOT IN ('email', 'note')
    AND coalesce(due_date, day_of(happened_at)) >= $as_of
) AS planned_step
  ON planned_step.deal_id = deals.id
