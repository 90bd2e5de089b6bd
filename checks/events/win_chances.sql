-- How likely an open deal is to be won: as often as deals that stood in its stage before were.
-- Few deals say little, so a stage leans on its pipeline, and a pipeline on all, with the weight
-- of 20 deals (a beta-binomial prior). Empty with fewer than 30 closed deals.
-- needs: deals.close_date
-- builds on: stage_visits
WITH
closed AS (
  SELECT row_no, pipeline, state = 'won' AS is_won
  FROM deals
  WHERE is_live AND state IN ('won', 'lost') AND close_date <= $as_of
),
all_deals AS (
  SELECT count(*) AS deals, count(*) FILTER (is_won) / count(*) AS rate FROM closed
),
by_pipeline AS (
  SELECT pipeline,
    (count(*) FILTER (is_won) + 20 * (SELECT rate FROM all_deals)) / (count(*) + 20) AS rate
  FROM closed
  GROUP BY pipeline
),
stood AS (
  SELECT DISTINCT visit.row_no, visit.pipeline, visit.stage, closed.is_won
  FROM stage_visits AS visit
  JOIN closed USING (row_no)
  WHERE NOT visit.is_closing
),
by_stage AS (
  SELECT pipeline, stage, count(*) AS deals, count(*) FILTER (is_won) AS won
  FROM stood
  GROUP BY pipeline, stage
),
standing AS (
  SELECT visit.row_no, arg_max(visit.pipeline, visit_no) AS pipeline,
    arg_max(visit.stage, visit_no) AS stage
  FROM stage_visits AS visit
  JOIN deals USING (row_no)
  WHERE deals.state = 'open' AND visit.leaving = 'open'
  GROUP BY visit.row_no
)
SELECT standing.row_no, cast(
    (coalesce(by_stage.won, 0) + 20 * coalesce(by_pipeline.rate, all_deals.rate))
    / (coalesce(by_stage.deals, 0) + 20)
  AS DECIMAL(7, 6)) AS chance
FROM standing
CROSS JOIN all_deals
LEFT JOIN by_pipeline ON by_pipeline.pipeline IS NOT DISTINCT FROM standing.pipeline
LEFT JOIN by_stage
  ON by_stage.pipeline IS NOT DISTINCT FROM standing.pipeline AND by_stage.stage = standing.stage
WHERE all_deals.deals >= 30
