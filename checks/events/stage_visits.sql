-- Each stay of a deal in a stage, in order. The first begins when the deal was created, in the
-- stage that its first change left; a deal without any change has stood where it stands.
-- leaving: 'advance', 'back', 'won', 'lost', or 'open' while the deal is still there; NULL in a
-- closing stage, where nothing is waited for. Where the order of stages is unknown, going back
-- is going to a stage that the deal had left before.
-- days: how long, until it left or the day of the audit ended.
-- is_entry_known: false where the deal is older than the history, so that it may have entered
-- the stage later than it seems.
-- needs: deals.stage, deals.created_at
-- builds on: history, tracked, stage_positions
WITH
live AS (
  SELECT id AS deal_id, min(row_no) AS row_no
  FROM deals
  WHERE is_live AND id IS NOT NULL AND day_of(created_at) <= $as_of
  GROUP BY id
),
-- From here on deals go by the number of their record: texts are slow to sort by.
moves AS (
  SELECT live.row_no, old_value, new_value, changed_at, user_id, is_human, is_stamped,
    row_number() OVER deal AS move_no
  FROM history
  JOIN live ON live.deal_id = history.record_id
  WHERE table_name = 'deals' AND field = 'stage' AND new_value IS NOT NULL
    AND new_value IS DISTINCT FROM old_value
  WINDOW deal AS (PARTITION BY live.row_no ORDER BY changed_at, event_no)
  -- A history that was exported twice tells of each move twice.
  QUALIFY new_value IS DISTINCT FROM lag(new_value) OVER deal
),
entries AS (
  SELECT row_no, coalesce(first_move.old_value, deals.stage) AS stage,
    least(deals.created_at, first_move.changed_at) AS entered_at,
    deals.created_by_id AS user_id, TRUE AS is_human, TRUE AS is_stamped, 0 AS move_no
  FROM live
  JOIN deals USING (row_no)
  LEFT JOIN (SELECT * FROM moves WHERE move_no = 1) AS first_move USING (row_no)
  -- A history that writes down the first stage itself begins with it.
  WHERE first_move.row_no IS NULL OR first_move.old_value IS NOT NULL
  UNION ALL
  SELECT row_no, new_value, changed_at, user_id, is_human, is_stamped, move_no FROM moves
),
placed AS (
  SELECT
    entries.row_no, entries.entered_at, entries.user_id, entries.is_human, entries.is_stamped,
    entries.move_no,
    coalesce(placed.stage, entries.stage) AS stage,
    CASE WHEN NOT placed.is_closing THEN placed.position END AS position,
    placed.stages,
    coalesce(placed.is_closing, FALSE) AS is_closing,
    coalesce(placed.is_won, FALSE) AS is_winning
  FROM entries
  JOIN deals USING (row_no)
  LEFT JOIN stage_positions AS placed
    ON placed.label = entries.stage
    AND (placed.exists_once OR placed.pipeline = deals.pipeline)
  WHERE entries.stage IS NOT NULL
),
stays AS (
  SELECT *, min(move_no) OVER (PARTITION BY row_no, stage) < move_no AS is_return FROM placed
),
numbered AS (
  SELECT *,
    row_number() OVER deal AS visit_no,
    lead(entered_at) OVER deal AS next_at,
    lead(stage) OVER deal AS next_stage,
    lead(position) OVER deal AS next_position,
    lead(is_closing) OVER deal AS next_is_closing,
    lead(is_winning) OVER deal AS next_is_winning,
    coalesce(lead(is_return) OVER deal, FALSE) AS returns
  FROM stays
  WINDOW deal AS (PARTITION BY row_no ORDER BY move_no)
),
ended AS (
  SELECT numbered.*, deals.id AS deal_id, deals.owner_id, deals.pipeline, deals.state,
    deals.created_at,
    CASE
      WHEN is_closing THEN NULL
      WHEN next_at IS NOT NULL THEN next_at
      WHEN deals.state IN ('won', 'lost') THEN greatest(
        entered_at, least(cast(deals.close_date AS TIMESTAMP), cast($as_of AS TIMESTAMP))
      )
    END AS left_at
  FROM numbered
  JOIN deals USING (row_no)
)
SELECT
  deal_id, row_no, owner_id, pipeline, stage, position, stages, visit_no, is_closing,
  entered_at, left_at,
  CASE WHEN NOT is_closing THEN greatest(
    0,
    date_diff('second', entered_at, coalesce(left_at, cast($as_of AS TIMESTAMP) + INTERVAL 1 DAY))
  ) / 86400.0 END AS days,
  next_stage,
  CASE
    WHEN is_closing THEN NULL
    WHEN next_is_winning THEN 'won'
    WHEN next_is_closing THEN 'lost'
    WHEN next_stage IS NULL AND state IN ('won', 'lost') THEN state
    WHEN next_stage IS NULL THEN 'open'
    WHEN position IS NOT NULL AND next_position IS NOT NULL
      THEN if(next_position < position, 'back', 'advance')
    ELSE if(returns, 'back', 'advance')
  END AS leaving,
  user_id, is_human, is_stamped,
  visit_no > 1 OR day_of(created_at) >= coalesce(tracked.since, DATE '9999-12-31')
    AS is_entry_known
FROM ended
LEFT JOIN tracked ON tracked.table_name = 'deals' AND tracked.field = 'stage'
