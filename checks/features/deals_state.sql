-- Where a deal stands. Removed deals, and deals whose state nothing tells, are nowhere.
SELECT
  is_live AND state = 'open' AS is_open,
  is_live AND state = 'won' AS is_won,
  is_live AND state = 'lost' AS is_lost,
  is_live AND state IN ('won', 'lost') AS is_closed
FROM deals
