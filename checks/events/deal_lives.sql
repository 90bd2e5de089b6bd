-- When each deal was opened and closed, one row an id. closed_at: when its stage history shows the
-- closing, else its close date; NULL while it is open. Months are counted since January 1970, on
-- the organisation's clock.
-- needs: deals.created_at, deals.close_date
-- builds on: stage_visits
WITH closings AS (
  -- A deal that was never seen elsewhere has stood in its closing stage since nobody knows when.
  SELECT deal_id, max(entered_at) AS closed_at
  FROM stage_visits
  WHERE is_closing AND visit_no > 1
  GROUP BY deal_id
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
LEFT JOIN closings ON closings.deal_id = deals.id
WHERE deals.is_live AND deals.state IS NOT NULL AND deals.id IS NOT NULL
  AND day_of(deals.created_at) <= $as_of
QUALIFY row_number() OVER (PARTITION BY deals.id ORDER BY deals.row_no) = 1
