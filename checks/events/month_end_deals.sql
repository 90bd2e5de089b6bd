-- The deals in the pipeline when a month ended, as they stood at that moment, and what became of
-- them in the month that followed. Months are counted as in month_end_stages.
-- is_due: announced for the month that followed. won_amount: what it was won for in that month.
-- Amounts count up to the one that 99 of 100 deals do not exceed: one huge deal decides nothing.
-- promise: probability of the deal at that moment, 0 to 1: as its history says, else its stage's.
-- outcome: the state of the deal on the day of the audit. Deals whose stage of then is not known
-- are left out.
-- needs: deals.amount, field_history.changed_at
-- builds on: history, deal_lives, month_end_stages, stage_promises, close_date_moves, amount_moves
WITH
most AS (
  SELECT quantile_disc(amount, 0.99) AS amount
  FROM deal_lives
  WHERE amount > 0
  HAVING count(*) >= 100
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
firsts AS (
  SELECT
    lives.row_no, lives.pipeline, lives.state, lives.amount, lives.close_date,
    lives.opening_month, lives.closing_month,
    first_dates.close_date AS first_date, dates_filled.month AS date_filled,
    first_amounts.has_moved, first_amounts.amount AS first_amount,
    first_probabilities.probability AS first_probability
  FROM deal_lives AS lives
  LEFT JOIN first_dates ON first_dates.row_no = lives.row_no
  LEFT JOIN dates_filled ON dates_filled.row_no = lives.row_no
  LEFT JOIN first_amounts ON first_amounts.row_no = lives.row_no
  LEFT JOIN first_probabilities ON first_probabilities.row_no = lives.row_no
),
seen AS (
  SELECT
    standing.row_no, firsts.pipeline, standing.month, firsts.state,
    standing.stage,
    standing.month - firsts.opening_month AS months_old,
    CASE
      WHEN dates_then.row_no IS NOT NULL THEN dates_then.close_date
      WHEN standing.month < firsts.date_filled THEN NULL
      ELSE coalesce(firsts.first_date, firsts.close_date)
    END AS close_date,
    CASE
      WHEN amounts_then.row_no IS NOT NULL THEN amounts_then.amount
      WHEN firsts.has_moved THEN firsts.first_amount
      ELSE firsts.amount
    END AS amount,
    CASE
      WHEN probabilities_then.row_no IS NOT NULL THEN probabilities_then.probability
      ELSE firsts.first_probability
    END AS own_probability,
    CASE
      WHEN firsts.state = 'won' AND firsts.closing_month = standing.month + 1
        THEN greatest(coalesce(firsts.amount, 0), 0)
    END AS won_amount
  FROM month_end_stages AS standing
  JOIN firsts ON firsts.row_no = standing.row_no
  LEFT JOIN dates_then
    ON dates_then.row_no = standing.row_no AND standing.month >= dates_then.month
    AND standing.month < dates_then.until
  LEFT JOIN amounts_then
    ON amounts_then.row_no = standing.row_no AND standing.month >= amounts_then.month
    AND standing.month < amounts_then.until
  LEFT JOIN probabilities_then
    ON probabilities_then.row_no = standing.row_no AND standing.month >= probabilities_then.month
    AND standing.month < probabilities_then.until
)
SELECT
  seen.row_no, seen.pipeline, seen.month, seen.stage, seen.state AS outcome,
  CASE WHEN months_old < 1 THEN 0 WHEN months_old < 3 THEN 1 WHEN months_old < 6 THEN 2 ELSE 3 END
    AS age,
  coalesce(date_diff('month', DATE '1970-01-01', close_date) = seen.month + 1, FALSE) AS is_due,
  CASE WHEN seen.amount > 0 THEN cast(least(seen.amount, most.amount) AS DECIMAL(24, 2)) END
    AS amount,
  cast(
    at_most(at_least(coalesce(own_probability, stage_promises.probability), 0), 100) / 100
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
