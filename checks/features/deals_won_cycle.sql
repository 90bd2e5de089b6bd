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
LEFT JOIN won_cycles AS pipeline_cycle
  ON pipeline_cycle.pipeline = deals.pipeline
LEFT JOIN won_cycles AS overall_cycle
  ON overall_cycle.pipeline IS NULL
