-- Tasks: whether one is still open, how long it is overdue, and whether it was missed: not done on
-- the day on which it was due. Whatever has a due date and no kind is a task.
-- is_open_task needs one of: activities.is_closed, activities.completed_at, activities.status
-- is_open_task can do without: activities.kind
-- is_missed_task needs one of: activities.completed_at, activities.is_closed & activities.modified_at
-- is_missed_task can do without: activities.kind, activities.status
SELECT
  is_live
  AND coalesce(lower(kind), 'task') = 'task'
  AND NOT coalesce(is_closed, completed_at IS NOT NULL)
  AND NOT coalesce(
    matches(
      fold(status),
      '\b(completed|complete|done|closed|cancelled|canceled|termine|terminee|fait|faite|clos|close|annule|annulee|erledigt|abgeschlossen|completado|completato|voltooid)\b'
    ),
    FALSE
  ) AS is_open_task,
  days_between(due_date, $as_of) AS days_past_due,
  is_live
  AND coalesce(lower(kind), 'task') = 'task'
  AND (
    NOT coalesce(is_closed, completed_at IS NOT NULL)
    OR day_of(coalesce(completed_at, modified_at)) > due_date
  ) AS is_missed_task
FROM activities
