-- Days that usually lie between two activities of a won deal; unknown where too few say so, and
-- where the export brings no activities.
SELECT
  usual_gap.days AS usual_gap_days
FROM deals
LEFT JOIN usual_gap
  ON TRUE
