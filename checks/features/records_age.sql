-- Days since the record was created; negative when it was created after the audit's day.
SELECT
  days_between(created_at, $as_of) AS age_days
FROM records
