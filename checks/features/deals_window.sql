-- Whether a deal was created, edited or closed in the window. Open deals count whatever their
-- age, and a close date of the future is no reason to look away.
-- in_window can do without: deals.state, deals.created_at, deals.modified_at, deals.close_date
SELECT
  coalesce(
    state = 'open' OR greatest(day_of(created_at), day_of(modified_at), close_date) >= $window_start,
    TRUE
  ) AS in_window
FROM deals
