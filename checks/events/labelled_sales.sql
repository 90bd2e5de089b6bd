-- Deals whose pipeline, type or source calls them a renewal or an order of a web shop.
-- builds on: sale_kinds
SELECT deals.row_no
FROM deals
JOIN sale_kinds AS kinds
  ON kinds.pipeline IS NOT DISTINCT FROM deals.pipeline
  AND kinds.type IS NOT DISTINCT FROM deals.type
  AND kinds.lead_source IS NOT DISTINCT FROM deals.lead_source
WHERE deals.is_live AND kinds.is_labelled
