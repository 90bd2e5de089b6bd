-- How far a deal has come: the position of its stage among the open stages of its pipeline. A
-- stage is found by its id or its name, in the deal's pipeline, or anywhere if it exists once.
-- stage_rank can do without: stages.pipeline, stages.id, stages.is_closed, stages.is_won, deals.pipeline
-- open_stages can do without: stages.pipeline, stages.id, stages.is_closed, stages.is_won, deals.pipeline
-- stage_rank unknown everywhere: stage_order_unknown
SELECT
  open_stage.position AS stage_rank,
  open_stage.stages AS open_stages,
  coalesce(stage_rank * 3 >= open_stages, FALSE) AS past_first_third
FROM deals
LEFT JOIN (
  SELECT
    pipeline,
    label,
    min(position) AS position,
    min(stages) AS stages,
    count(*) OVER (PARTITION BY label) = 1 AS exists_once
  FROM (
    SELECT
      coalesce(pipeline, '') AS pipeline,
      unnest([id, name]) AS label,
      row_number() OVER (PARTITION BY pipeline ORDER BY rank, id) AS position,
      count(*) OVER (PARTITION BY pipeline) AS stages
    FROM stages
    WHERE rank IS NOT NULL AND NOT coalesce(is_closed, FALSE) AND NOT coalesce(is_won, FALSE)
  )
  GROUP BY pipeline, label
) AS open_stage
  ON open_stage.label = deals.stage
  AND (open_stage.exists_once OR open_stage.pipeline = deals.pipeline)
