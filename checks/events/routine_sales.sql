-- Deals that nobody had to sell: renewals, orders of a web shop, what an import or a program
-- brought in, and kinds of deals (a pipeline, type or source) that are nearly all won within a
-- day. That a CRM shows no work on them proves nothing.
-- builds on: programs, bulk_creations, sale_kinds
SELECT deals.row_no
FROM deals
JOIN sale_kinds AS kinds
  ON kinds.pipeline IS NOT DISTINCT FROM deals.pipeline
  AND kinds.type IS NOT DISTINCT FROM deals.type
  AND kinds.lead_source IS NOT DISTINCT FROM deals.lead_source
WHERE deals.is_live
  AND (
    kinds.is_labelled
    OR kinds.is_imported
    OR kinds.is_quick
    OR deals.created_by_id IN (SELECT user_id FROM programs)
    OR deals.row_no IN (SELECT row_no FROM bulk_creations WHERE table_name = 'deals')
  )
