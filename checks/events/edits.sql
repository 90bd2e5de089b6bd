-- What a person saved in one go: all fields of a record that one user changed within a minute.
-- is_creating: the save that made the record.
-- needs: field_history.user_id
-- builds on: history
SELECT
  table_name,
  record_id,
  min(row_no) AS row_no,
  min(owner_id) AS owner_id,
  user_id,
  date_trunc('minute', changed_at) AS edited_at,
  min(local_at) AS local_at,
  count(DISTINCT field) AS fields,
  bool_or(field = 'stage') AS moves_stage,
  bool_or(changed_at < created_at + INTERVAL 1 MINUTE) AS is_creating
FROM history
WHERE is_human AND is_stamped AND user_id IS NOT NULL
GROUP BY table_name, record_id, user_id, date_trunc('minute', changed_at)
