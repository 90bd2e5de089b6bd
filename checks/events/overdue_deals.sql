-- Deals that will hardly come: lost ones, and open ones that are older than nine of ten won deals
-- of their pipeline were (of all pipelines, where it has fewer than 20 won deals).
-- needs: deals.created_at, deals.close_date
WITH cycles AS (
  SELECT coalesce(pipeline, '') AS pipeline, days_between(created_at, close_date) AS days
  FROM deals
  WHERE is_live AND state = 'won' AND close_date <= $as_of AND close_date >= day_of(created_at)
),
of_pipeline AS (
  SELECT pipeline, quantile_cont(days, 0.9) AS usual FROM cycles GROUP BY pipeline
  HAVING count(*) >= 20
),
of_all AS (
  SELECT quantile_cont(days, 0.9) AS usual FROM cycles HAVING count(*) >= 20
)
SELECT deals.row_no
FROM deals
LEFT JOIN of_pipeline ON of_pipeline.pipeline = coalesce(deals.pipeline, '')
LEFT JOIN of_all ON TRUE
WHERE deals.is_live
  AND coalesce(of_pipeline.usual, of_all.usual) IS NOT NULL
  AND (
    deals.state = 'lost'
    OR deals.state = 'open'
    AND days_between(deals.created_at, $as_of) > coalesce(of_pipeline.usual, of_all.usual)
  )
