-- How often people pushed the close date of a deal: two weeks or more ahead, or out of its month.
-- Unknown where the deal is older than the history of its dates and fewer than two pushes are seen.
-- push_count unknown everywhere: close_dates_not_tracked
SELECT
  CASE
    WHEN coalesce(pushed.times, 0) >= 2 OR day_of(created_at) >= close_dates_kept.since
      THEN coalesce(pushed.times, 0)
  END AS push_count,
  pushed.days AS pushed_days
FROM deals
LEFT JOIN (
  SELECT row_no, count(*) AS times, sum(days) AS days
  FROM close_date_moves
  WHERE is_push AND is_human
  GROUP BY row_no
) AS pushed
  ON pushed.row_no = deals.row_no
LEFT JOIN (
  SELECT since FROM tracked WHERE table_name = 'deals' AND field = 'close_date'
) AS close_dates_kept
  ON TRUE
