-- Days within which 9 of 10 (19 of 20) won deals of the pipeline were won; of all pipelines where
-- the own one has won fewer than 20, and unknown where all together have.
-- won_cycle_q90 can do without: deals.pipeline
-- won_cycle_q90 unknown everywhere: too_few_won_deals
-- won_cycle_q95 can do without: deals.pipeline
-- won_cycle_q95 unknown everywhere: too_few_won_deals
SELECT
  coalesce(pipeline_cycle.q90, overall_cycle.q90) AS won_cycle_q90,
  coalesce(pipeline_cycle.q95, overall_cycle.q95) AS won_cycle_q95
FROM deals
LEFT JOIN (
  SELECT
    pipeline,
    quantile_cont(days_between(created_at, close_date), 0.9) AS q90,
    quantile_cont(days_between(created_at, close_date), 0.95) AS q95
  FROM deals
  WHERE is_live AND state = 'won' AND close_date <= $as_of AND created_at IS NOT NULL
  GROUP BY pipeline
  HAVING count(*) >= 20
) AS pipeline_cycle
  ON pipeline_cycle.pipeline = deals.pipeline
LEFT JOIN (
  SELECT
    quantile_cont(days_between(created_at, close_date), 0.9) AS q90,
    quantile_cont(days_between(created_at, close_date), 0.95) AS q95
  FROM deals
  WHERE is_live AND state = 'won' AND close_date <= $as_of AND created_at IS NOT NULL
  HAVING count(*) >= 20
) AS overall_cycle
  ON TRUE
