-- People who sell: active owners of a deal that is open or was closed in the window. No programs,
-- nobody who left. is_new: owned nothing and was not there 60 days before the audit; shown, not
-- judged.
-- needs: deals.owner_id
-- builds on: programs
WITH owned AS (
  SELECT
    owner_id,
    count(*) FILTER (WHERE state = 'open') AS open_deals,
    count(*) FILTER (
      WHERE state IN ('won', 'lost') AND close_date BETWEEN $window_start AND $as_of
    ) AS closed_deals,
    day_of(min(created_at)) AS first_deal
  FROM deals
  WHERE is_live AND owner_id IS NOT NULL
  GROUP BY owner_id
),
people AS (
  SELECT id, min(team_id) AS team_id, bool_or(is_active) AS is_active,
    day_of(min(created_at)) AS joined
  FROM users
  WHERE id IS NOT NULL
  GROUP BY id
)
SELECT
  owned.owner_id, people.team_id, least(people.joined, owned.first_deal) AS since,
  coalesce(days_between(least(people.joined, owned.first_deal), $as_of) < 60, FALSE) AS is_new,
  owned.open_deals, owned.closed_deals
FROM owned
LEFT JOIN people ON people.id = owned.owner_id
WHERE owned.open_deals + owned.closed_deals > 0
  AND coalesce(people.is_active, TRUE)
  AND owned.owner_id NOT IN (SELECT user_id FROM programs)
