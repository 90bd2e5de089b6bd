-- Days within which half of the deals were won that somebody had to sell, by pipeline, and of all
-- pipelines where pipeline is NULL; only where 20 were won.
-- needs: deals.created_at, deals.close_date, deals.state
-- builds on: routine_sales
-- limits by: pipeline
WITH sold AS (
  SELECT pipeline, days_between(created_at, close_date) AS days
  FROM deals
  WHERE is_live AND state = 'won' AND close_date BETWEEN day_of(created_at) AND $as_of
    AND row_no NOT IN (SELECT row_no FROM routine_sales)
)
SELECT pipeline, median(days) AS days
FROM sold
WHERE pipeline IS NOT NULL
GROUP BY pipeline
HAVING count(*) >= 20
UNION ALL
SELECT NULL, median(days)
FROM sold
HAVING count(*) >= 20
