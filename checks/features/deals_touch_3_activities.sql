-- Whether a person did anything with a deal after the save that made it, where no history was
-- exported: an activity, or a later modification that no program made. Where a program came
-- last, a person may have come before it; where activities are not usually logged, a deal
-- without one may have had many.
-- was_touched needs one of: activities.deal_id
-- was_touched doubtful with: inbox
-- was_touched can do without: deals.modified_at, deals.modified_by_id
-- was_touched unknown everywhere: activities_not_logged
SELECT
  CASE
    WHEN worked.deal_id IS NOT NULL THEN TRUE
    WHEN modified_at <= created_at + INTERVAL 1 MINUTE THEN FALSE
    WHEN deal_program.user_id IS NULL AND modified_at IS NOT NULL THEN TRUE
    WHEN deal_program.user_id IS NULL AND coalesce(activity_logging.is_usual, TRUE)
      THEN FALSE
  END AS was_touched
FROM deals
LEFT JOIN worked_deals AS worked ON worked.deal_id = deals.id
LEFT JOIN programs AS deal_program ON deal_program.user_id = deals.modified_by_id
LEFT JOIN activity_logging ON TRUE
