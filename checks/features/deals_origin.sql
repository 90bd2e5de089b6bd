-- Whether a program entered a deal: a form, an import, a web shop.
-- is_made_by_program can do without: deals.created_by_id
SELECT
  deal_creator.user_id IS NOT NULL AS is_made_by_program
FROM deals
LEFT JOIN programs AS deal_creator ON deal_creator.user_id = deals.created_by_id
