-- How far a deal has come: the position of its stage among the open stages of its pipeline.
-- stage_rank needs one of: stages.rank
-- open_stages needs one of: stages.rank
-- stage_rank can do without: deals.pipeline
-- open_stages can do without: deals.pipeline
-- stage_rank unknown everywhere: stage_order_unknown
SELECT
  placed.position AS stage_rank,
  CASE WHEN placed.position IS NOT NULL THEN placed.stages END AS open_stages,
  coalesce(stage_rank * 3 >= open_stages, FALSE) AS past_first_third
FROM deals
LEFT JOIN stage_positions AS placed
  ON placed.label = deals.stage
  AND (placed.exists_once OR placed.pipeline = deals.pipeline)
