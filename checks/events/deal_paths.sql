-- Through which open stages a deal went that was closed in the window, and how often a person
-- took it back to an earlier one.
-- is_whole: its history is kept since it was created, so that no visit is missing; of others there
-- are no stages, and nothing is said of their birth.
-- is_sold: it went through somebody's hands: no renewal, no order of a web shop, no import.
-- is_born_late: it was entered in the second half of the stages; where their order is not known, in
-- that of the stages in the order in which deals go through them. days: from its creation to its
-- closing.
-- builds on: stage_visits, programs
WITH closed AS (
  SELECT
    row_no, id, owner_id, state, coalesce(deals.pipeline, '') AS pipeline,
    concat_ws(' ', type, deals.pipeline, lead_source) AS kind,
    created_by_id, date_trunc('second', created_at) AS created_second,
    days_between(created_at, closing_day(created_at, close_date, stage_changed_at, $as_of)) AS days
  FROM deals
  WHERE is_live AND state IN ('won', 'lost')
    AND coalesce(
      greatest(day_of(created_at), day_of(modified_at), close_date) >= $window_start, TRUE
    )
),
-- Many deals are of few kinds.
unsold AS (
  SELECT kind
  FROM closed
  GROUP BY kind
  HAVING matches(
    fold(any_value(kind)),
    'renew|renouvell|reconduction|e-?commerce|web ?(shop|order|store)|online (shop|order|store)|boutique en ligne|commande (web|en ligne)|\b(import|migration)'
  )
),
at_once AS (
  SELECT created_by_id, created_second
  FROM closed
  WHERE created_by_id IS NOT NULL
  GROUP BY created_by_id, created_second
  HAVING count(*) >= 20
),
backward AS (
  SELECT row_no, count(*) FILTER (came_back AND is_human) AS moves_back
  FROM (
    SELECT row_no, is_human,
      lag(leaving) OVER (PARTITION BY row_no ORDER BY visit_no) = 'back' AS came_back
    FROM stage_visits
    WHERE row_no IN (SELECT row_no FROM stage_visits WHERE leaving = 'back')
  )
  GROUP BY row_no
),
entered AS (
  SELECT row_no, is_entry_known AS is_whole
  FROM stage_visits
  WHERE visit_no = 1
),
-- Stages that few deals see have no place among the others.
usual_order AS (
  SELECT
    pipeline, stage,
    row_number() OVER (PARTITION BY pipeline ORDER BY median(visit_no), stage) AS position,
    count(*) OVER (PARTITION BY pipeline) AS stages
  FROM stage_visits
  WHERE position IS NULL AND NOT is_closing AND row_no IN (SELECT row_no FROM entered WHERE is_whole)
  GROUP BY pipeline, stage
  QUALIFY count(*) * 10 >= max(count(*)) OVER (PARTITION BY pipeline)
),
-- Nobody asks for the stages of a deal of which some may be missing.
visited AS (
  SELECT
    row_no,
    list(stage_visits.stage) FILTER (NOT is_closing) AS stages,
    bool_or(
      visit_no = 1
      AND coalesce(
        stage_visits.position * 2 > stage_visits.stages,
        usual_order.position * 2 > usual_order.stages
      )
    ) AS is_born_late
  FROM stage_visits
  LEFT JOIN usual_order
    ON usual_order.stage = stage_visits.stage
    AND usual_order.pipeline IS NOT DISTINCT FROM stage_visits.pipeline
  WHERE row_no IN (SELECT row_no FROM entered WHERE is_whole)
    AND row_no IN (SELECT row_no FROM closed)
  GROUP BY row_no
)
SELECT
  closed.row_no, closed.id AS record_id, closed.owner_id, closed.pipeline, closed.state,
  coalesce(visited.stages, []) AS stages, entered.is_whole,
  closed.kind NOT IN (SELECT kind FROM unsold)
    AND coalesce(closed.created_by_id NOT IN (SELECT user_id FROM programs), TRUE)
    AND at_once.created_by_id IS NULL AS is_sold,
  closed.days, coalesce(visited.is_born_late, FALSE) AS is_born_late,
  coalesce(backward.moves_back, 0) AS moves_back
FROM closed
JOIN entered USING (row_no)
LEFT JOIN visited USING (row_no)
LEFT JOIN backward USING (row_no)
LEFT JOIN at_once
  ON at_once.created_by_id = closed.created_by_id
  AND at_once.created_second IS NOT DISTINCT FROM closed.created_second
