-- Days since a report or dashboard was last run by anybody, and since it was made.
-- age_days can do without: analytics.created_at
SELECT
  days_between(last_run_at, $as_of) AS days_since_run,
  days_between(created_at, $as_of) AS age_days
FROM analytics
