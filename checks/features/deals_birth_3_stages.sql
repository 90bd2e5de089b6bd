-- Whether a deal was entered in the second half of the stages, where no activities were exported.
SELECT
  CAST(NULL AS DATE) AS first_activity_on,
  first_visit.position * 2 > first_visit.stages AS is_born_late
FROM deals
LEFT JOIN (
  SELECT row_no, position, stages FROM stage_visits WHERE visit_no = 1 AND is_entry_known
) AS first_visit
  ON first_visit.row_no = deals.row_no
