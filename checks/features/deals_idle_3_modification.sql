-- Days since a person last changed the deal; unknown where a program was the last to change it.
-- idle_days can do without: users.id, users.is_integration
SELECT
  CASE
    WHEN modified_by_id IS NOT NULL AND NOT coalesce(last_editor.is_integration, FALSE)
      THEN days_between(modified_at, $as_of)
  END AS idle_days
FROM deals
LEFT JOIN (
  SELECT id, bool_or(is_integration) AS is_integration FROM users GROUP BY id
) AS last_editor
  ON last_editor.id = deals.modified_by_id
