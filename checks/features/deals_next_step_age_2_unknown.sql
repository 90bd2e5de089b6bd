-- For how many days the next step has stood as it is: nothing tells, where there is no history.
SELECT
  CAST(NULL AS INTEGER) AS next_step_days
FROM deals
