-- How long a deal has stood in its stage: nothing tells, where there is no history of stages.
SELECT
  CAST(NULL AS INTEGER) AS days_in_stage,
  CAST(NULL AS DOUBLE) AS stall_days,
  CAST(NULL AS BOOLEAN) AS overstays_stage,
  CAST(NULL AS BOOLEAN) AS is_hopeless_in_stage
FROM deals
