-- Days between the dates of a deal and the day of the audit.
SELECT
  days_between(close_date, $as_of) AS days_past_close,
  days_between($as_of, close_date) AS closes_in_days,
  CASE WHEN is_closed THEN days_between(created_at, close_date) END AS cycle_days
FROM deals
