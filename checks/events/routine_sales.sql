-- Deals that nobody had to sell: renewals, orders of a web shop, what an import or a program
-- brought in, and kinds of deals (a pipeline, type or source) that are nearly all won within a
-- day. That a CRM shows no work on them proves nothing.
-- builds on: programs, bulk_creations, labelled_sales
WITH kinds AS (
  SELECT row_no, state, days_between(created_at, close_date) AS days,
    unnest(['pipeline', 'type', 'source']) AS what,
    unnest([pipeline, type, lead_source]) AS kind
  FROM deals
  WHERE is_live
),
quick AS (
  SELECT what, kind
  FROM kinds
  WHERE state = 'won' AND days >= 0 AND kind IS NOT NULL
  GROUP BY what, kind
  HAVING count(*) >= 10 AND count(*) FILTER (days <= 1) * 5 >= count(*) * 4
)
SELECT row_no
FROM deals
WHERE is_live
  AND (
    row_no IN (SELECT row_no FROM labelled_sales)
    OR coalesce(matches(
      lower(concat_ws(' ', type, pipeline, lead_source)), '\b(import|importe?d?|migration|migrated)\b'
    ), FALSE)
    OR created_by_id IN (SELECT user_id FROM programs)
    OR row_no IN (SELECT row_no FROM bulk_creations WHERE table_name = 'deals')
    OR row_no IN (SELECT row_no FROM kinds JOIN quick USING (what, kind))
  )
