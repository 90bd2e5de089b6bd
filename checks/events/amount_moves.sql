-- Each time the amount of a deal was changed, from a number to a number.
-- builds on: history
SELECT
  row_no, changed_at AS moved_at, local_at,
  number_as_written(old_value) AS old_amount, number_as_written(new_value) AS new_amount,
  is_human, is_stamped
FROM history
WHERE table_name = 'deals' AND field = 'amount'
  AND number_as_written(new_value) IS DISTINCT FROM number_as_written(old_value)
