-- Whether a person did anything with a lead after it was created. Unknown where the only trace
-- is a program's; a save within the first minute belongs to the creation.
-- was_touched needs one of: activities.lead_id, leads.last_activity_at
-- was_touched doubtful with: inbox
-- was_touched can do without: leads.modified_by_id, activities.is_deleted, activities.source, activities.created_by_id, activities.owner_id, users.id, users.is_integration
SELECT
  CASE
    WHEN lead_activity.lead_id IS NOT NULL OR last_activity_at IS NOT NULL THEN TRUE
    WHEN modified_at <= created_at + INTERVAL 1 MINUTE THEN FALSE
    WHEN NOT coalesce(lead_editor.is_integration, FALSE) THEN modified_at IS NOT NULL
  END AS was_touched
FROM leads
LEFT JOIN (
  SELECT DISTINCT activities.lead_id
  FROM activities
  LEFT JOIN users ON users.id = coalesce(activities.created_by_id, activities.owner_id)
  WHERE NOT coalesce(activities.is_deleted, FALSE)
    AND NOT coalesce(users.is_integration, FALSE)
    AND NOT done_by_program(activities.source)
) AS lead_activity
  ON lead_activity.lead_id = leads.id
LEFT JOIN (
  SELECT id, bool_or(is_integration) AS is_integration FROM users GROUP BY id
) AS lead_editor
  ON lead_editor.id = leads.modified_by_id
