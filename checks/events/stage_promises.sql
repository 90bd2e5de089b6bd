-- What a stage promises of its deals, by its id and by its name: the probability that the CRM gives
-- it, else the one that most of its open deals have; and the forecast category that three of five
-- of them have.
-- needs: deals.stage
-- builds on: stage_positions
WITH
placed AS (
  SELECT
    coalesce(deals.pipeline, '') AS pipeline,
    coalesce(stage_positions.stage, deals.stage) AS stage,
    stage_positions.probability AS declared,
    deals.probability,
    fold(deals.forecast_category) AS category,
    deals.state = 'open' AS is_open
  FROM deals
  LEFT JOIN stage_positions
    ON stage_positions.label = deals.stage
    AND (stage_positions.exists_once OR stage_positions.pipeline = deals.pipeline)
  WHERE deals.is_live AND deals.stage IS NOT NULL
),
usual_probability AS (
  SELECT pipeline, stage, probability
  FROM placed
  WHERE is_open AND probability IS NOT NULL
  GROUP BY pipeline, stage, probability
  QUALIFY count(*) >= 10
    AND count(*) * 2 > sum(count(*)) OVER (PARTITION BY pipeline, stage)
),
usual_category AS (
  SELECT pipeline, stage, category
  FROM placed
  WHERE is_open AND category IS NOT NULL
  GROUP BY pipeline, stage, category
  QUALIFY count(*) >= 10
    AND count(*) * 5 >= sum(count(*)) OVER (PARTITION BY pipeline, stage) * 3
),
stages_known AS (
  SELECT pipeline, stage, max(declared) AS declared FROM placed GROUP BY pipeline, stage
  UNION ALL
  SELECT pipeline, stage, max(probability)
  FROM stage_positions
  WHERE (pipeline, stage) NOT IN (SELECT (pipeline, stage) FROM placed)
  GROUP BY pipeline, stage
),
labelled AS (
  SELECT pipeline, stage, stage AS label FROM stages_known
  UNION
  SELECT stages_known.pipeline, stages_known.stage, stage_positions.label
  FROM stages_known
  JOIN stage_positions
    ON stage_positions.stage = stages_known.stage
    AND (stage_positions.exists_once OR stage_positions.pipeline = stages_known.pipeline)
)
SELECT
  labelled.pipeline,
  labelled.label,
  min(stage) AS stage,
  min(coalesce(declared, usual_probability.probability)) AS probability,
  min(usual_category.category) AS category,
  count(*) OVER (PARTITION BY labelled.label) = 1 AS exists_once
FROM labelled
JOIN stages_known USING (pipeline, stage)
LEFT JOIN usual_probability USING (pipeline, stage)
LEFT JOIN usual_category USING (pipeline, stage)
GROUP BY labelled.pipeline, labelled.label
