-- Deals and activities that came in from a file, with the day: created by the dozen by a user, or
-- made by an import; or 50 deals that an import changed on one day. Renewals and orders of a web
-- shop that are made by the dozen are no file of somebody's.
-- builds on: bulk_creations, history, records, programs, labelled_sales
WITH brought AS (
  SELECT table_name, row_no, record_id, user_id, created_at AS imported_at FROM bulk_creations
  UNION ALL
  SELECT 'activities', row_no, id, coalesce(created_by_id, owner_id), created_at
  FROM activities
  WHERE NOT coalesce(is_deleted, FALSE) AND matches(lower(source), 'import|migrat')
    AND day_of(created_at) <= $as_of
  UNION ALL
  SELECT table_name, row_no, record_id, user_id, changed_at
  FROM history
  JOIN records USING (table_name, row_no)
  WHERE table_name = 'deals' AND NOT is_human AND field <> 'owner_id'
    AND event_no IN (SELECT row_no FROM field_history WHERE matches(lower(source), 'import'))
  QUALIFY count(DISTINCT row_no) OVER (PARTITION BY user_id, day_of(changed_at)) >= 50
)
SELECT
  table_name, row_no, min(record_id) AS record_id, min(user_id) AS user_id,
  max(imported_at) AS imported_at, day_of(imported_at) AS day
FROM brought
WHERE (user_id IS NULL OR user_id NOT IN (SELECT user_id FROM programs))
  AND (table_name <> 'deals' OR row_no NOT IN (SELECT row_no FROM labelled_sales))
GROUP BY table_name, row_no, day_of(imported_at)
