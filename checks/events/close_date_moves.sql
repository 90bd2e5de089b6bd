-- Each time the close date of a deal was moved. is_push: two weeks or more into the future, or
-- out of its month. Dates come as the CRM wrote them: a day, a stamp or milliseconds since 1970;
-- days with slashes only where the column itself tells which number is the day.
-- builds on: history
WITH
written AS (
  SELECT row_no, old_value, new_value, changed_at, local_at, is_human, is_stamped FROM history
  WHERE table_name = 'deals' AND field = 'close_date' AND new_value IS DISTINCT FROM old_value
),
slashes AS (
  SELECT
    max(try_cast(split_part(new_value, '/', 1) AS INTEGER)) AS first_number,
    max(try_cast(split_part(new_value, '/', 2) AS INTEGER)) AS second_number
  FROM written
  WHERE new_value LIKE '%/%/%'
),
read AS (
  SELECT written.*, day_as_written(old_value, day_first) AS old_date,
    day_as_written(new_value, day_first) AS new_date
  FROM written
  LEFT JOIN (
    SELECT CASE
      WHEN first_number > 12 AND second_number <= 12 THEN TRUE
      WHEN second_number > 12 AND first_number <= 12 THEN FALSE
    END AS day_first
    FROM slashes
  ) AS slashes ON TRUE
)
SELECT
  row_no, changed_at AS moved_at, local_at,
  old_date, new_date, days_between(old_date, new_date) AS days,
  coalesce(
    new_date - old_date >= 14
    OR date_trunc('month', new_date) > date_trunc('month', old_date),
    FALSE
  ) AS is_push,
  is_human, is_stamped
FROM read
WHERE old_date IS NOT NULL AND new_date IS NOT NULL AND old_date <> new_date
