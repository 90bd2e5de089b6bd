-- Whether a person did what an activity tells, what it was about, and how many working days later
-- it was typed in. That is unknown for what came by itself or in bulk, for mail, which files itself
-- as a rule, and for notes, whose only date is that of their entry.
-- has_parent needs one of: activities.deal_id, activities.account_id, activities.contact_id, activities.lead_id
-- days_to_log needs one of: activities.happened_at, activities.completed_at, activities.due_date
-- days_to_log can do without: activities.kind
SELECT
  done.row_no IS NOT NULL AS is_human_activity,
  coalesce(deal_id, account_id, contact_id, lead_id) IS NOT NULL AS has_parent,
  CASE
    WHEN done.is_manual AND brought_in.row_no IS NULL
      AND coalesce(lower(kind), '') NOT IN ('email', 'note')
      THEN business_days_between(
        coalesce(day_of(happened_at), due_date, day_of(completed_at)), created_at
      )
  END AS days_to_log
FROM activities
LEFT JOIN (SELECT row_no, is_manual FROM human_activities) AS done
  ON done.row_no = activities.row_no
LEFT JOIN mass_logged AS brought_in ON brought_in.row_no = activities.row_no
