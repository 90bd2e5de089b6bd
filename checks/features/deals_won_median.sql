-- Days within which half of the won deals of the pipeline were won, of all pipelines where the
-- own one has won fewer than 20; unknown where all together have. Deals that nobody had to sell
-- are left out.
-- won_cycle_median can do without: deals.pipeline
-- won_cycle_median unknown everywhere: too_few_won_deals
SELECT
  coalesce(pipeline_median.days, overall_median.days) AS won_cycle_median
FROM deals
LEFT JOIN sold_cycles AS pipeline_median
  ON pipeline_median.pipeline = deals.pipeline
LEFT JOIN sold_cycles AS overall_median
  ON overall_median.pipeline IS NULL
