-- Whether anything followed within five business days, which are seven days, of a task that was not
-- done on its day: the task done after all, or an edit or activity on what it is about. Only tasks
-- that were due in the last three months are looked at.
-- was_treated needs one of: activities.completed_at, activities.is_closed & activities.modified_at
-- was_treated can do without: activities.deal_id, activities.account_id, activities.contact_id, activities.lead_id
SELECT
  coalesce(
    coalesce(is_closed, completed_at IS NOT NULL)
    AND days_between(due_date, coalesce(completed_at, modified_at)) <= 7,
    FALSE
  )
  OR followed.row_no IS NOT NULL AS was_treated
FROM activities
LEFT JOIN (
  SELECT DISTINCT missed.row_no
  FROM (
    SELECT row_no, due_date, coalesce(deal_id, account_id, contact_id, lead_id) AS about
    FROM activities
    WHERE coalesce(lower(kind), 'task') = 'task'
      AND days_between(due_date, $as_of) BETWEEN 0 AND 100
  ) AS missed
  JOIN (
    SELECT record_id AS about, cast(local_at AS DATE) AS touched_on
    FROM edits
    JOIN records USING (table_name, row_no)
    WHERE days_between(edited_at, $as_of) <= 100
    UNION ALL
    SELECT unnest([deal_id, account_id, contact_id, lead_id]) AS about, happened_day AS touched_on
    FROM human_activities
    WHERE days_between(happened_day, $as_of) <= 100
  ) AS touches
    ON touches.about = missed.about
    AND days_between(missed.due_date, touches.touched_on) BETWEEN 1 AND 7
) AS followed
  ON followed.row_no = activities.row_no
