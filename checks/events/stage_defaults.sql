-- The probability that an open deal has by its stage: that of the table of stages, else the one
-- that most open deals of the stage bear.
-- needs: deals.probability, deals.stage
-- builds on: stage_positions
WITH open_deals AS (
  SELECT
    deals.row_no, deals.stage, coalesce(deals.pipeline, '') AS pipeline, deals.probability,
    placed.probability AS by_table
  FROM deals
  LEFT JOIN stage_positions AS placed
    ON placed.label = deals.stage
    AND (placed.exists_once OR placed.pipeline = deals.pipeline)
  WHERE deals.is_live AND deals.state = 'open' AND deals.probability IS NOT NULL
    AND deals.stage IS NOT NULL
),
commonest AS (
  SELECT pipeline, stage, probability
  FROM (
    SELECT pipeline, stage, probability, count(*) AS deals,
      sum(count(*)) OVER (PARTITION BY pipeline, stage) AS of_stage
    FROM open_deals
    GROUP BY pipeline, stage, probability
  )
  WHERE of_stage >= 20 AND 2 * deals > of_stage
)
SELECT open_deals.row_no, coalesce(by_table, commonest.probability) AS usual
FROM open_deals
LEFT JOIN commonest USING (pipeline, stage)
WHERE coalesce(by_table, commonest.probability) IS NOT NULL
