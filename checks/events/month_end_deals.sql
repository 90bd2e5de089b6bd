-- The deals in the pipeline when a month ended, as they stood at that moment, and what became of
-- them in the month that followed. Months are counted since January 1970, on the organisation's
-- clock; the last one whose following month is over, and at most 23 before it, none older than
-- the history of stages and close dates.
-- is_due: announced for the month that followed. won_amount: what it was won for in that month.
-- Amounts count up to the one that 99 of 100 deals do not exceed: one huge deal decides nothing.
-- promise: probability of the deal at that moment, 0 to 1: as its history says, else its stage's.
-- outcome: the state of the deal on the day of the audit. Deals whose stage of then is not known
-- are left out.
-- needs: deals.amount, field_history.changed_at
-- builds on: history, tracked, deal_lives, stage_visits, stage_promises, close_date_moves, amount_moves
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
most AS (
  SELECT quantile_disc(amount, 0.99) AS amount
  FROM deal_lives
  WHERE amount > 0
  HAVING count(*) >= 100
),
lives AS (
  SELECT
    row_no, pipeline, state, amount, close_date, opening_month, closing_month,
    greatest(opening_month, first_month) AS since,
    least(coalesce(closing_month - 1, last_month), last_month) AS until
  FROM deal_lives, horizon
  WHERE state = 'open' OR closing_month IS NOT NULL
),
-- A stay lasts over the month ends before that in which the next one began.
standing AS (
  SELECT
    lives.* EXCLUDE (since, until),
    visits.stage,
    unnest(range(
      greatest(since, date_diff('month', DATE '1970-01-01', day_of(entered_at))),
      least(until, coalesce(date_diff('month', DATE '1970-01-01', day_of(next_at)) - 1, until)) + 1
    )) AS month
  FROM lives
  JOIN stage_visits AS visits USING (row_no)
  WHERE since <= until AND NOT is_closing
),
-- What a month ended with lasts until a month that ended otherwise.
-- A date that was filled in later was not there yet; what stood before the first move was.
dates_then AS (
  SELECT row_no, date_diff('month', DATE '1970-01-01', local_at) AS month,
    lead(month, 1, 1000000) OVER (PARTITION BY row_no ORDER BY month) AS until,
    arg_max(new_date, moved_at) AS close_date
  FROM close_date_moves
  GROUP BY row_no, month
),
first_dates AS (
  SELECT row_no, arg_min(old_date, moved_at) AS close_date FROM close_date_moves GROUP BY row_no
),
dates_filled AS (
  SELECT row_no, min(date_diff('month', DATE '1970-01-01', local_at)) AS month
  FROM history
  WHERE table_name = 'deals' AND field = 'close_date'
    AND old_value IS NULL AND new_value IS NOT NULL
  GROUP BY row_no
),
amounts_then AS (
  SELECT row_no, date_diff('month', DATE '1970-01-01', local_at) AS month,
    lead(month, 1, 1000000) OVER (PARTITION BY row_no ORDER BY month) AS until,
    arg_max_null(new_amount, moved_at) AS amount
  FROM amount_moves
  GROUP BY row_no, month
),
first_amounts AS (
  SELECT row_no, TRUE AS has_moved, arg_min(coalesce(old_amount, 0), moved_at) AS amount
  FROM amount_moves
  GROUP BY row_no
),
probability_moves AS (
  SELECT row_no, date_diff('month', DATE '1970-01-01', local_at) AS month, changed_at,
    event_no, number_as_written(old_value) AS old_probability,
    number_as_written(new_value) AS new_probability
  FROM history
  WHERE table_name = 'deals' AND field = 'probability'
),
-- Some histories write shares, others percent.
probability_scale AS (
  SELECT CASE WHEN max(new_probability) <= 1 THEN 100 ELSE 1 END AS factor FROM probability_moves
),
probabilities_then AS (
  SELECT row_no, month,
    lead(month, 1, 1000000) OVER (PARTITION BY row_no ORDER BY month) AS until,
    arg_max(new_probability, (changed_at, event_no)) * any_value(factor)
    AS probability
  FROM probability_moves, probability_scale
  GROUP BY row_no, month
),
first_probabilities AS (
  SELECT row_no, arg_min(old_probability, (changed_at, event_no)) * any_value(factor)
    AS probability
  FROM probability_moves, probability_scale
  GROUP BY row_no
),
seen AS (
  SELECT
    standing.row_no, standing.pipeline, standing.month, standing.state,
    standing.stage,
    standing.month - standing.opening_month AS months_old,
    CASE
      WHEN dates_then.row_no IS NOT NULL THEN dates_then.close_date
      WHEN standing.month < dates_filled.month THEN NULL
      ELSE coalesce(first_dates.close_date, standing.close_date)
    END AS close_date,
    CASE
      WHEN amounts_then.row_no IS NOT NULL THEN amounts_then.amount
      WHEN first_amounts.has_moved THEN first_amounts.amount
      ELSE standing.amount
    END AS amount,
    CASE
      WHEN probabilities_then.row_no IS NOT NULL THEN probabilities_then.probability
      ELSE first_probabilities.probability
    END AS own_probability,
    CASE
      WHEN standing.state = 'won' AND standing.closing_month = standing.month + 1
        THEN greatest(coalesce(standing.amount, 0), 0)
    END AS won_amount
  FROM standing
  LEFT JOIN dates_then
    ON dates_then.row_no = standing.row_no AND standing.month >= dates_then.month
    AND standing.month < dates_then.until
  LEFT JOIN amounts_then
    ON amounts_then.row_no = standing.row_no AND standing.month >= amounts_then.month
    AND standing.month < amounts_then.until
  LEFT JOIN probabilities_then
    ON probabilities_then.row_no = standing.row_no AND standing.month >= probabilities_then.month
    AND standing.month < probabilities_then.until
  LEFT JOIN first_dates ON first_dates.row_no = standing.row_no
  LEFT JOIN dates_filled ON dates_filled.row_no = standing.row_no
  LEFT JOIN first_amounts ON first_amounts.row_no = standing.row_no
  LEFT JOIN first_probabilities ON first_probabilities.row_no = standing.row_no
)
SELECT
  seen.row_no, seen.pipeline, seen.month, seen.stage, seen.state AS outcome,
  CASE WHEN months_old < 1 THEN 0 WHEN months_old < 3 THEN 1 WHEN months_old < 6 THEN 2 ELSE 3 END
    AS age,
  coalesce(date_diff('month', DATE '1970-01-01', close_date) = seen.month + 1, FALSE) AS is_due,
  CASE WHEN seen.amount > 0 THEN cast(least(seen.amount, most.amount) AS DECIMAL(24, 2)) END
    AS amount,
  cast(
    least(greatest(coalesce(own_probability, stage_promises.probability), 0), 100) / 100
    AS DECIMAL(5, 4)
  ) AS promise,
  CASE WHEN won_amount IS NOT NULL THEN cast(least(won_amount, most.amount) AS DECIMAL(24, 2)) END
    AS won_amount,
  most.amount AS most_amount
FROM seen
LEFT JOIN most ON TRUE
LEFT JOIN stage_promises
  ON stage_promises.label = seen.stage
  AND (stage_promises.exists_once OR stage_promises.pipeline = seen.pipeline)
