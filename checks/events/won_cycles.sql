-- Days within which 9 of 10 (19 of 20) won deals were won, by pipeline, and of all pipelines where
-- pipeline is NULL; only where 20 were won.
-- needs: deals.created_at, deals.close_date, deals.state
-- limits by: pipeline
WITH won AS (
  SELECT pipeline, days_between(created_at, close_date) AS days
  FROM deals
  WHERE is_live AND state = 'won' AND close_date <= $as_of AND created_at IS NOT NULL
)
SELECT pipeline, quantile_cont(days, 0.9) AS q90, quantile_cont(days, 0.95) AS q95
FROM won
WHERE pipeline IS NOT NULL
GROUP BY pipeline
HAVING count(*) >= 20
UNION ALL
SELECT NULL, quantile_cont(days, 0.9), quantile_cont(days, 0.95)
FROM won
HAVING count(*) >= 20
