-- Each stay of a deal in a stage, in order. The first begins when the deal was created, in the
-- stage that its first change left; a deal without any change has stood where it stands.
-- leaving: 'advance', 'back', 'won', 'lost', or 'open' while the deal is still there; NULL in a
-- closing stage, where nothing is waited for. Where the order of stages is unknown, going back
-- is going to a stage that the deal had left before.
-- next_at: when the next stay began. days: how long, until it left or the day of the audit ended.
-- is_entry_known: false where the deal is older than the history, so that it may have entered
-- the stage later than it seems.
-- needs: deals.stage, deals.created_at
-- builds on: history, tracked, stage_places, repeated_deals
WITH
live AS (
  SELECT row_no, pipeline, stage, state, created_at, close_date
  FROM deals
  WHERE is_live AND id IS NOT NULL AND day_of(created_at) <= $as_of
    AND row_no NOT IN (SELECT row_no FROM repeated_deals)
),
written AS (
  SELECT history.row_no, live.pipeline, old_value, new_value, changed_at, event_no, is_human,
    is_stamped
  FROM history
  JOIN live USING (row_no)
  WHERE table_name = 'deals' AND field = 'stage' AND new_value IS NOT NULL
    AND new_value IS DISTINCT FROM old_value
),
moves AS (
  SELECT row_no, previous.place AS old_place, following.place, changed_at, event_no, is_human,
    is_stamped
  FROM written
  LEFT JOIN stage_places AS following
    ON following.label = new_value AND following.pipeline IS NOT DISTINCT FROM written.pipeline
  LEFT JOIN stage_places AS previous
    ON previous.label = old_value AND previous.pipeline IS NOT DISTINCT FROM written.pipeline
  -- A history that was exported twice tells of each move twice.
  QUALIFY following.place IS DISTINCT FROM
    lag(following.place) OVER (PARTITION BY row_no ORDER BY changed_at, event_no)
),
numbered AS (
  SELECT *,
    row_number() OVER deal AS move_no,
    -- A history that writes down the first stage itself begins with it.
    first_value(old_place) OVER deal IS NOT NULL AS follows_entry,
    lead(changed_at) OVER deal AS next_at,
    lead(place) OVER deal AS next_place
  FROM moves
  WINDOW deal AS (PARTITION BY row_no ORDER BY changed_at, event_no)
),
visits AS (
  SELECT row_no, move_no + cast(follows_entry AS INTEGER) AS visit_no, place,
    changed_at AS entered_at, is_human, is_stamped, next_at, next_place
  FROM numbered
  UNION ALL
  SELECT row_no, 1, old_place, least(live.created_at, changed_at), TRUE, TRUE, changed_at, place
  FROM numbered
  JOIN live USING (row_no)
  WHERE move_no = 1 AND old_place IS NOT NULL
  UNION ALL
  SELECT row_no, 1, place, created_at, TRUE, TRUE, NULL, NULL
  FROM live
  JOIN stage_places ON stage_places.label = live.stage
    AND stage_places.pipeline IS NOT DISTINCT FROM live.pipeline
  WHERE row_no NOT IN (SELECT row_no FROM moves)
),
returns AS (
  SELECT row_no, visit_no
  FROM visits
  JOIN stage_places USING (place)
  WHERE row_no IN (
    SELECT row_no FROM visits JOIN stage_places USING (place) WHERE position IS NULL AND NOT is_closing
  )
  QUALIFY min(visit_no) OVER (PARTITION BY row_no, stage_no) < visit_no
),
ended AS (
  SELECT visits.*, live.pipeline, live.state, live.created_at,
    here.stage, here.position, here.stages, here.is_closing,
    there.position AS next_position, there.is_closing AS next_is_closing,
    there.is_winning AS next_is_winning,
    CASE
      WHEN here.is_closing THEN NULL
      WHEN next_at IS NOT NULL THEN next_at
      WHEN live.state IN ('won', 'lost') THEN at_least(
        at_most(cast(live.close_date AS TIMESTAMP), cast($as_of AS TIMESTAMP)), entered_at
      )
      ELSE cast($as_of AS TIMESTAMP) + INTERVAL 1 DAY
    END AS left_at
  FROM visits
  JOIN live USING (row_no)
  LEFT JOIN stage_places AS here USING (place)
  LEFT JOIN stage_places AS there ON there.place = next_place
)
SELECT
  ended.row_no, pipeline, stage, position, stages, ended.visit_no, is_closing, entered_at, next_at,
  CASE
    WHEN NOT is_closing THEN at_least(date_diff('second', entered_at, left_at), 0) / 86400.0
  END AS days,
  CASE
    WHEN is_closing THEN NULL
    WHEN next_is_winning THEN 'won'
    WHEN next_is_closing THEN 'lost'
    WHEN next_place IS NULL AND state IN ('won', 'lost') THEN state
    WHEN next_place IS NULL THEN 'open'
    WHEN position IS NOT NULL AND next_position IS NOT NULL
      THEN if(next_position < position, 'back', 'advance')
    ELSE if(returns.row_no IS NOT NULL, 'back', 'advance')
  END AS leaving,
  is_human, is_stamped,
  ended.visit_no > 1 OR day_of(created_at) >= coalesce(tracked.since, DATE '9999-12-31')
    AS is_entry_known
FROM ended
LEFT JOIN returns ON returns.row_no = ended.row_no AND returns.visit_no = ended.visit_no + 1
LEFT JOIN tracked ON tracked.table_name = 'deals' AND tracked.field = 'stage'
