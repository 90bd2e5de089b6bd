-- The two hours of the week in which a team goes through its deals, if it does: those that in most
-- weeks of the last half year hold edits of three deals by two people, or by one manager. A row
-- only for teams that do so in two weeks of five. Everybody whose team is unknown is one team.
-- day: 0 is Monday. hour: the first one, on the organisation's clock.
-- builds on: edits
WITH people AS (
  SELECT id, coalesce(min(team_id), '') AS team FROM users WHERE id IS NOT NULL GROUP BY id
),
recent AS (
  SELECT
    coalesce(people.team, '') AS team, user_id, row_no,
    date_trunc('week', local_at) AS week, isodow(local_at) - 1 AS day, hour(local_at) AS hour,
    user_id IN (SELECT manager_id FROM users WHERE manager_id IS NOT NULL) AS is_manager
  FROM edits
  LEFT JOIN people ON people.id = edits.user_id
  WHERE table_name = 'deals' AND NOT is_creating
    AND local_at > cast($as_of AS DATE) - INTERVAL 182 DAY AND isodow(local_at) <= 5
),
spread AS (
  SELECT * REPLACE (unnest([hour - 1, hour]) AS hour) FROM recent
),
by_user AS (
  SELECT team, week, day, hour, user_id, is_manager, count(DISTINCT row_no) AS deals
  FROM spread
  GROUP BY ALL
),
held AS (
  SELECT team, week, day, hour, count(*) AS people
  FROM by_user
  GROUP BY ALL
  HAVING (count(*) >= 2 AND sum(deals) >= 3) OR max(deals) FILTER (is_manager) >= 3
),
counted AS (
  SELECT held.team, day, hour, count(*) AS weeks, min(all_weeks.weeks) AS of_weeks,
    avg(people) AS people
  FROM held
  JOIN (SELECT team, count(DISTINCT week) AS weeks FROM recent GROUP BY team) AS all_weeks
    ON all_weeks.team = held.team
  WHERE hour >= 0
  GROUP BY held.team, day, hour
)
SELECT team, day, hour, weeks, of_weeks
FROM counted
WHERE weeks * 5 >= of_weeks * 2
QUALIFY row_number() OVER (PARTITION BY team ORDER BY weeks DESC, people DESC, day, hour) = 1
