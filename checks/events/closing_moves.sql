-- How a won deal went through its stages on the day it was closed: how many stages it visited in
-- all, and the most changes of stage that people made within ten minutes of that day.
-- is_whole: its history is kept since it was created, and every change says when it was made.
-- builds on: stage_visits
WITH closed AS (
  SELECT
    row_no, visit_no, entered_at, is_human,
    count(*) OVER deal AS visits,
    bool_and(is_entry_known AND is_stamped) OVER deal AS is_whole,
    max(entered_at) FILTER (is_closing) OVER deal AS closed_at
  FROM stage_visits
  WHERE row_no IN (SELECT row_no FROM deals WHERE is_live AND state = 'won')
  WINDOW deal AS (PARTITION BY row_no)
),
moves AS (
  SELECT row_no, visits, is_whole, visit_no, is_human, day_of(entered_at) = day_of(closed_at) AS is_last_day,
    count(*) FILTER (visit_no > 1 AND is_human AND day_of(entered_at) = day_of(closed_at)) OVER (
      PARTITION BY row_no ORDER BY entered_at
      RANGE BETWEEN INTERVAL 10 MINUTE PRECEDING AND CURRENT ROW
    ) AS together
  FROM closed
)
SELECT row_no, min(visits) AS visits, bool_and(is_whole) AS is_whole,
  max(together) AS together
FROM moves
GROUP BY row_no
