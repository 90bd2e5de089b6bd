-- Days within which half of the won deals of the pipeline were won, of all pipelines where the
-- own one has won fewer than 20; unknown where all together have. Deals that nobody had to sell
-- are left out.
-- won_cycle_median can do without: deals.pipeline
-- won_cycle_median unknown everywhere: too_few_won_deals
SELECT
  coalesce(pipeline_median.days, overall_median.days) AS won_cycle_median
FROM deals
LEFT JOIN (
  SELECT pipeline, median(days_between(created_at, close_date)) AS days
  FROM deals
  WHERE is_live AND state = 'won' AND close_date BETWEEN day_of(created_at) AND $as_of
    AND row_no NOT IN (SELECT row_no FROM routine_sales)
  GROUP BY pipeline
  HAVING count(*) >= 20
) AS pipeline_median
  ON pipeline_median.pipeline = deals.pipeline
LEFT JOIN (
  SELECT median(days_between(created_at, close_date)) AS days
  FROM deals
  WHERE is_live AND state = 'won' AND close_date BETWEEN day_of(created_at) AND $as_of
    AND row_no NOT IN (SELECT row_no FROM routine_sales)
  HAVING count(*) >= 20
) AS overall_median
  ON TRUE
