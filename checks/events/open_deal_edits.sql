-- What people edited on open deals in the window, after their creation.
-- is_own: by the owner, or by somebody who owned the deal before.
-- is_review: by a manager, from two hours before to two hours after the weekly review of the team.
-- builds on: edits, history, review_hours
WITH owned AS (
  SELECT DISTINCT row_no, unnest([old_value, new_value]) AS owner
  FROM history
  WHERE table_name = 'deals' AND field = 'owner_id'
),
people AS (
  SELECT id, min(name) AS name, coalesce(min(team_id), '') AS team FROM users
  WHERE id IS NOT NULL GROUP BY id
),
-- Histories write owners as ids or as names.
former AS (
  SELECT row_no, owner AS user_id FROM owned
  UNION
  SELECT row_no, people.id FROM owned JOIN people ON people.name = owned.owner
)
SELECT
  edits.row_no, deals.id AS record_id, deals.owner_id, edits.user_id,
  edits.user_id = deals.owner_id OR former.row_no IS NOT NULL AS is_own,
  coalesce(
    edits.user_id IN (SELECT manager_id FROM users WHERE manager_id IS NOT NULL)
      AND isodow(edits.local_at) - 1 = review.day
      AND hour(edits.local_at) BETWEEN review.hour - 2 AND review.hour + 3,
    FALSE
  ) AS is_review
FROM edits
JOIN deals ON deals.row_no = edits.row_no
LEFT JOIN people AS owner ON owner.id = deals.owner_id
LEFT JOIN review_hours AS review ON review.team = coalesce(owner.team, '')
LEFT JOIN former ON former.row_no = edits.row_no AND former.user_id = edits.user_id
WHERE edits.table_name = 'deals' AND NOT edits.is_creating AND deals.owner_id IS NOT NULL
  AND deals.is_live AND deals.state = 'open'
  AND cast(edits.local_at AS DATE) >= $window_start
