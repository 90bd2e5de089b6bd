-- Whether a deal lived before it was entered: somebody worked on it more than a week earlier, or
-- it was entered in the second half of the stages. What was done on the lead that became a deal
-- was done on the lead.
-- is_born_late needs one of: activities.deal_id
-- is_born_late can do without: deals.stage
SELECT
  worked.first_day AS first_activity_on,
  CASE
    WHEN days_between(worked.first_day, created_at) > 7 THEN TRUE
    WHEN first_visit.position * 2 > first_visit.stages THEN TRUE
    WHEN worked.first_day IS NOT NULL OR first_visit.position IS NOT NULL THEN FALSE
  END AS is_born_late
FROM deals
LEFT JOIN worked_deals AS worked ON worked.deal_id = deals.id
LEFT JOIN (
  SELECT row_no, position, stages FROM stage_visits WHERE visit_no = 1 AND is_entry_known
) AS first_visit
  ON first_visit.row_no = deals.row_no
