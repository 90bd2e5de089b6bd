-- Where open deals stand, for how many days, and for how many they may. A deal that is older than
-- the history has stood there since that is kept, at the least; is_entry_known is then false.
-- builds on: stage_visits, stage_limits, tracked
SELECT
  stage_visits.row_no,
  stage_visits.is_entry_known,
  CASE
    WHEN stage_visits.is_entry_known THEN days_between(stage_visits.entered_at, $as_of)
    ELSE days_between(tracked.since, $as_of)
  END AS days,
  stage_limits.stall_days,
  stage_limits.hopeless_days
FROM stage_visits
JOIN stage_limits
  ON stage_limits.pipeline = coalesce(stage_visits.pipeline, '')
  AND stage_limits.stage = stage_visits.stage
LEFT JOIN tracked ON tracked.table_name = 'deals' AND tracked.field = 'stage'
WHERE stage_visits.leaving = 'open'
