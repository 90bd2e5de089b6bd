-- Days between the dates of a deal and the day of the audit.
-- cycle_days: from the creation of a closed deal to its closing.
-- cycle_days can do without: deals.stage_changed_at
SELECT
  days_between(close_date, $as_of) AS days_past_close,
  days_between($as_of, close_date) AS closes_in_days,
  CASE WHEN is_closed
    THEN days_between(created_at, closing_day(created_at, close_date, stage_changed_at, $as_of))
  END AS cycle_days
FROM deals
