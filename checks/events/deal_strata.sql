-- Which deals are like work: those that reps of some tenure have open, or closed in the window.
-- What is compared between people is compared within strata, so that a territory or a kind of
-- business is nobody's merit.
-- stratum: pipeline and type x where the deal stands x third by amount; stratum_by_stage without
-- the third, for what is about amounts; work: pipeline and type alone, for what is about stages.
-- Strata of fewer than 30 deals are merged with their neighbours: first the thirds, then the
-- types, then the pipelines. Deals without an amount count as middling.
-- builds on: stage_positions, reps
-- What a deal is like is read off the few labels that many deals share, and then goes by number;
-- deals find theirs by a hash, as five labels that may be missing are slow to compare.
WITH labels AS (
  SELECT *, hash(pipeline, type, currency, state, stage) AS labelled
  FROM (SELECT DISTINCT pipeline, type, currency, state, stage FROM deals WHERE is_live)
),
standings AS (
  SELECT
    labels.*,
    CASE WHEN state <> 'open' THEN state
      WHEN placed.position IS NULL THEN 'open'
      ELSE 'open ' || (placed.position - 1) * 3 // greatest(placed.stages, 1)
    END AS standing
  FROM labels
  LEFT JOIN stage_positions AS placed
    ON placed.label = labels.stage
    AND (placed.exists_once OR placed.pipeline = labels.pipeline)
),
kinds AS (
  SELECT
    *,
    dense_rank() OVER (
      ORDER BY coalesce(pipeline, ''), coalesce(type, ''), standing, coalesce(currency, '')
    ) AS kind
  FROM standings
),
named AS (
  SELECT DISTINCT kind, coalesce(pipeline, '') AS pipeline, coalesce(type, '') AS type, standing
  FROM kinds
),
recent AS (
  SELECT
    deals.row_no, deals.owner_id, kinds.kind,
    CASE WHEN deals.amount > 0 THEN deals.amount END AS amount
  FROM deals
  JOIN kinds
    ON kinds.labelled = hash(deals.pipeline, deals.type, deals.currency, deals.state, deals.stage)
  WHERE deals.is_live AND deals.owner_id IN (SELECT owner_id FROM reps WHERE NOT is_new) AND (
    deals.state = 'open'
    OR deals.state IN ('won', 'lost') AND coalesce(
      greatest(day_of(deals.created_at), day_of(deals.modified_at), deals.close_date)
      >= $window_start,
      TRUE
    )
  )
),
thirds AS (
  SELECT kind, quantile_disc(amount, [1 / 3, 2 / 3]) AS ends
  FROM recent
  WHERE amount IS NOT NULL
  GROUP BY kind
),
placed AS (
  SELECT
    row_no, owner_id, kind,
    CASE WHEN amount IS NULL THEN 2
      WHEN amount <= ends[1] THEN 1
      WHEN amount <= ends[2] THEN 2
      ELSE 3
    END AS third
  FROM recent
  LEFT JOIN thirds USING (kind)
),
cells AS (
  SELECT pipeline, type, standing, third, sum(deals) AS deals
  FROM (SELECT kind, third, count(*) AS deals FROM placed GROUP BY ALL)
  JOIN named USING (kind)
  GROUP BY ALL
),
sizes AS (
  SELECT
    *,
    min(deals) OVER (PARTITION BY pipeline, type, standing) AS of_least_third,
    sum(deals) OVER (PARTITION BY pipeline, type, standing) AS of_standing,
    sum(deals) OVER (PARTITION BY pipeline, standing) AS of_pipeline_standing,
    sum(deals) OVER (PARTITION BY pipeline, type) AS of_work
  FROM cells
),
merged AS (
  SELECT
    pipeline, type, standing, third,
    [standing,
      CASE WHEN of_pipeline_standing >= 30 THEN pipeline END,
      CASE WHEN of_standing >= 30 THEN type END] AS by_stage,
    CASE WHEN of_least_third >= 30 THEN third END AS own_third,
    [pipeline, CASE WHEN of_work >= 30 THEN type END] AS work
  FROM sizes
),
numbered AS (
  SELECT
    pipeline, type, standing, third,
    dense_rank() OVER (ORDER BY by_stage, own_third) AS stratum,
    dense_rank() OVER (ORDER BY by_stage) AS stratum_by_stage,
    dense_rank() OVER (ORDER BY work) AS work
  FROM merged
),
-- Joined by itself first: taken together, the engine would pair every deal with every cell.
strata AS MATERIALIZED (
  SELECT kind, third, stratum, stratum_by_stage, work
  FROM numbered
  JOIN named USING (pipeline, type, standing)
)
SELECT row_no, owner_id AS rep, strata.stratum, strata.stratum_by_stage, strata.work
FROM placed
JOIN strata USING (kind, third)
