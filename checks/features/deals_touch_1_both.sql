-- Whether a person did anything with a deal after the save that made it. What was changed before
-- the history began is not known.
-- was_touched needs one of: activities.deal_id
-- was_touched doubtful with: inbox
-- was_touched can do without: deals.modified_at, deals.modified_by_id
SELECT
  CASE
    WHEN edited_deal.row_no IS NOT NULL OR worked.deal_id IS NOT NULL THEN TRUE
    WHEN modified_at <= created_at + INTERVAL 1 MINUTE THEN FALSE
    WHEN modified_at IS NOT NULL AND modified_by_id IS NOT NULL AND deal_program.user_id IS NULL
      THEN TRUE
    WHEN day_of(created_at) >= deals_tracked.since THEN FALSE
  END AS was_touched
FROM deals
LEFT JOIN (
  SELECT DISTINCT row_no FROM edits WHERE table_name = 'deals' AND NOT is_creating
) AS edited_deal
  ON edited_deal.row_no = deals.row_no
LEFT JOIN worked_deals AS worked ON worked.deal_id = deals.id
LEFT JOIN programs AS deal_program ON deal_program.user_id = deals.modified_by_id
LEFT JOIN (SELECT min(since) AS since FROM tracked WHERE table_name = 'deals') AS deals_tracked
  ON TRUE
