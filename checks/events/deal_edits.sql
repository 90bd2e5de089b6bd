-- What people saved on deals in the last 26 full weeks, and their team; the saves that made a deal
-- are left out. Weeks are counted since Monday, 5 January 1970, and begin after the history did.
-- team: the team of who saved, else the number of the manager whom he or she works for.
-- needs: field_history.user_id
-- builds on: edits, tracked
WITH
weeks AS (
  SELECT
    (cast($as_of AS DATE) + 1 - DATE '1970-01-05') // 7 - 1 AS last_week,
    (min(since) - DATE '1970-01-05') // 7 + 1 AS first_tracked
  FROM tracked
  WHERE table_name = 'deals'
),
managers AS (
  SELECT DISTINCT manager_id AS user_id FROM users WHERE manager_id IS NOT NULL
),
people AS (
  SELECT
    id AS user_id,
    min(team_id) AS team_id,
    CASE WHEN id IN (SELECT user_id FROM managers) THEN id ELSE min(manager_id) END AS led_by
  FROM users
  WHERE id IS NOT NULL
  GROUP BY id
),
placed AS (
  SELECT user_id,
    coalesce(
      team_id,
      CASE WHEN led_by IS NOT NULL THEN 'team-' || dense_rank() OVER (ORDER BY led_by) END
    ) AS team
  FROM people
)
SELECT
  edits.row_no, edits.user_id, placed.team,
  edits.user_id IN (SELECT user_id FROM managers) AS is_manager,
  (cast(local_at AS DATE) - DATE '1970-01-05') // 7 AS week,
  isodow(local_at) - 1 AS day,
  hour(local_at) AS hour,
  local_at
FROM edits
JOIN weeks ON (cast(local_at AS DATE) - DATE '1970-01-05') // 7
  BETWEEN greatest(last_week - 25, first_tracked) AND last_week
LEFT JOIN placed ON placed.user_id = edits.user_id
WHERE edits.table_name = 'deals' AND NOT edits.is_creating
