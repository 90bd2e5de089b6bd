-- In which stage a deal stood when a month ended, one row a month. Months are counted since January
-- 1970, on the organisation's clock; the last one whose following month is over, and at most 23
-- before it, none older than the history of stages and close dates.
-- builds on: tracked, deal_lives, stage_visits
WITH
kept AS (
  SELECT max(since) AS since
  FROM tracked
  WHERE table_name = 'deals' AND field IN ('stage', 'close_date')
),
horizon AS (
  SELECT
    last_month, greatest(last_month - 23, date_diff('month', DATE '1970-01-01', since)) AS first_month
  FROM (
    SELECT
      date_diff('month', DATE '1970-01-01', cast($as_of AS DATE) + 1) - 2 AS last_month, since
    FROM kept
  )
),
lives AS (
  SELECT
    row_no,
    greatest(opening_month, first_month) AS since,
    least(coalesce(closing_month - 1, last_month), last_month) AS until
  FROM deal_lives, horizon
  WHERE state = 'open' OR closing_month IS NOT NULL
)
-- A stay lasts over the month ends before that in which the next one began.
SELECT
  row_no,
  visits.stage,
  unnest(range(
    greatest(since, date_diff('month', DATE '1970-01-01', day_of(entered_at))),
    least(until, coalesce(date_diff('month', DATE '1970-01-01', day_of(next_at)) - 1, until)) + 1
  )) AS month
FROM lives
JOIN stage_visits AS visits USING (row_no)
WHERE since <= until AND NOT is_closing
