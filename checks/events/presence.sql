-- Business days of each of the last twelve whole months on which a person was away, as far as the
-- CRM can tell: between two traces of any kind, five to twenty-five business days without one. A
-- longer silence is no leave. Traces are edits, activities logged or done, records created, logins.
-- builds on: reps, human_activities, history
WITH traces AS (
  SELECT user_id, cast(local_at AS DATE) AS day FROM history WHERE is_human AND local_at > cast($as_of AS DATE) - INTERVAL 430 DAY
  UNION
  SELECT user_id, day_of(coalesce(logged_at, happened_at)) FROM human_activities
  WHERE happened_day > cast($as_of AS DATE) - 430
  UNION
  SELECT owner_id, happened_day FROM human_activities
  WHERE happened_day > cast($as_of AS DATE) - 430
  UNION
  SELECT created_by_id, day_of(created_at) FROM deals
  UNION
  SELECT created_by_id, day_of(created_at) FROM contacts
  UNION
  SELECT user_id, day_of(logged_in_at) FROM logins
),
seen AS (
  SELECT user_id, day FROM traces WHERE user_id IN (SELECT owner_id FROM reps) AND day <= $as_of
  UNION
  SELECT owner_id, cast($as_of AS DATE) + 1 FROM reps
),
gaps AS (
  SELECT user_id, day AS until, lag(day) OVER (PARTITION BY user_id ORDER BY day) AS since
  FROM seen
),
away AS (
  SELECT user_id, unnest(range(since + 1, until, INTERVAL 1 DAY)) AS day
  FROM gaps
  WHERE business_days_between(since, until - 1) BETWEEN 5 AND 25
)
SELECT user_id, cast(date_trunc('month', day) AS DATE) AS month, count(*) AS days
FROM away
WHERE isodow(day) <= 5
GROUP BY ALL
