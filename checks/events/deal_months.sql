-- Open deals by owner, pipeline and month, for the last twelve whole months that the activities of
-- the export cover: each deal counts for the part of the month that it was open.
-- activities: logged by hand on these deals in that month.
-- needs: deals.owner_id, deals.created_at, activities.deal_id, activities.happened_at
-- builds on: human_activities
WITH months AS (
  SELECT cast(month AS DATE) AS month, cast(month + INTERVAL 1 MONTH AS DATE) AS next_month
  FROM (
    SELECT unnest(range(
      date_trunc('month', cast($as_of AS DATE) + 1) - INTERVAL 12 MONTH,
      date_trunc('month', cast($as_of AS DATE) + 1),
      INTERVAL 1 MONTH
    )) AS month
  )
  WHERE month >= (SELECT date_trunc('month', min(happened_day) + 6) FROM human_activities)
),
lives AS (
  SELECT id, owner_id, coalesce(pipeline, '') AS pipeline, day_of(created_at) AS since,
    CASE WHEN state = 'open' THEN cast($as_of AS DATE) ELSE at_most(close_date, $as_of) END AS until
  FROM deals
  WHERE is_live AND state IS NOT NULL AND owner_id IS NOT NULL
),
lived AS (
  SELECT id, owner_id, pipeline, months.month,
    (least(until + 1, next_month) - greatest(since, months.month)) / (next_month - months.month)
      AS share
  FROM lives
  JOIN months ON since < next_month AND until >= months.month
  WHERE since <= until
),
worked AS (
  SELECT deal_id, cast(date_trunc('month', happened_day) AS DATE) AS month, count(*) AS activities
  FROM human_activities
  WHERE is_manual AND deal_id IS NOT NULL
    AND happened_day >= (SELECT min(month) FROM months)
  GROUP BY ALL
)
SELECT owner_id, pipeline, lived.month, sum(share) AS deals,
  coalesce(sum(worked.activities), 0) AS activities,
  any_value(business_days_between(lived.month - 1, cast(lived.month + INTERVAL 1 MONTH AS DATE) - 1))
    AS business_days
FROM lived
LEFT JOIN worked ON worked.deal_id = lived.id AND worked.month = lived.month
GROUP BY owner_id, pipeline, lived.month
