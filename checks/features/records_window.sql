-- Whether a record was created or edited in the window. Without any date nothing says that it
-- is old: it counts.
-- in_window can do without: records.created_at, records.modified_at
SELECT
  coalesce(day_of(greatest(created_at, modified_at)) >= $window_start, TRUE) AS in_window
FROM records
