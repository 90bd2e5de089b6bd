-- Whether a person did what an activity tells, what it was about, whether somebody typed it in, and
-- how many working days later. What came by itself or in bulk was not typed in, nor was mail, which
-- files itself as a rule, nor notes, whose only date is that of their entry. How late is unknown
-- where no date but that of the entry is told.
-- has_parent needs one of: activities.deal_id, activities.account_id, activities.contact_id, activities.lead_id
-- days_to_log needs one of: activities.happened_at, activities.completed_at, activities.due_date
SELECT
  done.row_no IS NOT NULL AS is_human_activity,
  coalesce(deal_id, account_id, contact_id, lead_id) IS NOT NULL AS has_parent,
  coalesce(done.is_manual, FALSE) AND brought_in.row_no IS NULL
    AND coalesce(lower(kind), '') NOT IN ('email', 'note') AS is_typed_in,
  business_days_between(
    coalesce(day_of(happened_at), due_date, day_of(completed_at)), created_at
  ) AS days_to_log
FROM activities
LEFT JOIN (SELECT row_no, is_manual FROM human_activities) AS done
  ON done.row_no = activities.row_no
LEFT JOIN mass_logged AS brought_in ON brought_in.row_no = activities.row_no
