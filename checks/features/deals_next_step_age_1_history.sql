-- For how many days the next step has stood as it is, at the least. Known since its history is
-- kept, or since the deal was created.
-- next_step_days can do without: deals.created_at
SELECT
  CASE
    WHEN step_tracked.since IS NOT NULL
      THEN days_between(
        coalesce(day_of(last_word.said_at), greatest(day_of(created_at), step_tracked.since)),
        $as_of
      )
  END AS next_step_days
FROM deals
LEFT JOIN (
  SELECT row_no, max(changed_at) AS said_at
  FROM history
  WHERE table_name = 'deals' AND field = 'next_step'
  GROUP BY row_no
) AS last_word
  ON last_word.row_no = deals.row_no
LEFT JOIN (
  SELECT min(since) AS since FROM tracked WHERE table_name = 'deals' AND field = 'next_step'
) AS step_tracked
  ON TRUE
