-- Days since the last activity that the CRM itself knows of, or since creation if there is none;
-- a planned one counts as today. Where activities are not usually logged, nothing can be said.
-- idle_days can do without: deals.created_at
-- idle_days unknown everywhere: activities_not_logged
SELECT
  CASE
    WHEN last_activity_logging.is_usual
      THEN at_least(days_between(coalesce(last_activity_at, created_at), $as_of), 0)
  END AS idle_days
FROM deals
LEFT JOIN (
  SELECT count(last_activity_at) * 10 >= count(*) * 3 AS is_usual
  FROM deals
  WHERE is_live AND state = 'won'
) AS last_activity_logging
  ON TRUE
