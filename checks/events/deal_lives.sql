-- When each deal was opened and closed, one row an id. closed_at: when its stage history shows the
-- closing, else its close date; NULL while it is open. Months are counted since January 1970, on
-- the organisation's clock.
-- needs: deals.created_at, deals.close_date
-- builds on: stage_visits, repeated_deals
WITH closings AS (
  -- A deal that was never seen elsewhere has stood in its closing stage since nobody knows when.
  SELECT row_no, max(entered_at) AS closed_at
  FROM stage_visits
  WHERE is_closing AND visit_no > 1
  GROUP BY row_no
)
SELECT
  deals.id AS deal_id, deals.row_no, deals.owner_id, coalesce(deals.pipeline, '') AS pipeline,
  deals.stage, deals.state, deals.amount, deals.close_date, deals.created_at,
  CASE
    WHEN deals.state <> 'open' THEN coalesce(closings.closed_at, cast(deals.close_date AS TIMESTAMP))
  END AS closed_at,
  date_diff('month', DATE '1970-01-01', day_of(deals.created_at)) AS opening_month,
  CASE
    WHEN deals.state <> 'open' THEN date_diff(
      'month', DATE '1970-01-01', coalesce(day_of(closings.closed_at), deals.close_date)
    )
  END AS closing_month
FROM deals
LEFT JOIN closings ON closings.row_no = deals.row_no
WHERE deals.is_live AND deals.state IS NOT NULL AND deals.id IS NOT NULL
  AND day_of(deals.created_at) <= $as_of
  AND deals.row_no NOT IN (SELECT row_no FROM repeated_deals)
