-- What a person saved in one go: all fields of a record that one user changed within a minute.
-- is_creating: the save that made the record.
-- needs: field_history.user_id
-- builds on: history
SELECT
  table_name,
  row_no,
  user_id,
  date_trunc('minute', changed_at) AS edited_at,
  min(local_at) AS local_at,
  bool_or(is_creating) AS is_creating
FROM history
WHERE is_human AND is_stamped AND user_id IS NOT NULL
GROUP BY table_name, row_no, user_id, date_trunc('minute', changed_at)
