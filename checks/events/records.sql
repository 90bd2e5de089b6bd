-- The live records that a history may speak of, one row an id. Whatever is told of a record bears
-- the number of its first row, which is quick to join and to sort by; texts are slow.
SELECT table_name, id AS record_id, min(row_no) AS row_no, min(created_at) AS created_at
FROM (
  SELECT 'deals' AS table_name, id, row_no, created_at FROM deals WHERE is_live
  UNION ALL
  SELECT 'accounts', id, row_no, created_at FROM accounts WHERE is_live
  UNION ALL
  SELECT 'contacts', id, row_no, created_at FROM contacts WHERE is_live
  UNION ALL
  SELECT 'leads', id, row_no, created_at FROM leads WHERE is_live
)
WHERE id IN (SELECT record_id FROM field_history)
GROUP BY table_name, id
