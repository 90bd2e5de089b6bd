-- How long a deal has stood in its stage, and whether that is longer than deals which advance
-- stand there, or so long that hardly any advances. Unknown where the history is too young to say.
SELECT
  standing.days AS days_in_stage,
  standing.stall_days AS stall_days,
  CASE
    WHEN standing.days > standing.stall_days THEN TRUE
    WHEN standing.is_entry_known THEN standing.days > standing.stall_days
  END AS overstays_stage,
  CASE
    WHEN standing.days > standing.hopeless_days THEN TRUE
    WHEN standing.is_entry_known THEN standing.days > standing.hopeless_days
  END AS is_hopeless_in_stage
FROM deals
LEFT JOIN (
  SELECT row_no, is_entry_known, days, stall_days, hopeless_days FROM stage_standings
) AS standing
  ON standing.row_no = deals.row_no
